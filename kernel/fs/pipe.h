// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The pipe behind pipe(2) and behind a fifo.
#ifndef FS_PIPE_H
#define FS_PIPE_H

#include <fs/file.h>

#define PIPE_CAPACITY 65536u
#define PIPE_CAPACITY_MAX 1048576u /* /proc/sys/fs/pipe-max-size */
#define PIPE_BUF 4096u

struct pipe {
	uint8_t *buf;
	size_t size, head, used;  // the ring: a power of two; first byte; bytes
	size_t capacity;
	unsigned readers, writers, refs;
	bool had_writer;
	struct wait_queue readable, writable;
	void **home; // of a fifo: where its node keeps it
};

struct pipe *pipe_new(void);
void pipe_free(struct pipe *p);
void pipe_end_opened(struct file *f, struct pipe *p); // by its access mode
bool pipe_end_closed(struct file *f);                 // true: it was the last
ssize_t pipe_read(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait);
ssize_t pipe_write(struct file *f, struct iov_iter *it, uint64_t *pos, bool nowait);
uint32_t pipe_poll(struct file *f, struct wait_queue **q);
long pipe_ioctl(struct file *f, unsigned long cmd, unsigned long arg);
long pipe_capacity(struct file *f, long set); // F_SETPIPE_SZ; set < 0 asks only

#endif
