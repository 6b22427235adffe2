// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The console: the rings to and from the host's standard streams. fs/ makes a device of it.
//
// Output goes into con_out as records tagged with the stream, and leaves with the next crossing; a
// crossing is forced where output has waited for long (core/output.c). Input comes only while
// somebody waits for it, so that a program that never reads its input does not take what the user
// types.
#ifndef CORE_CONSOLE_H
#define CORE_CONSOLE_H

#include <pith/boot.h>
#include <core/klib.h>
#include <core/user.h>
#include <sched/sched.h>

#define CONSOLE_OUT 1
#define CONSOLE_ERR 2

void console_init(const struct boot_block *boot);

// Writes all of it; where the ring is full the host is given the time to drain it. `buf` is kernel
// memory. Never fails: gives n.
ssize_t console_write(int stream, const void *buf, size_t n);
// The same from a vector, straight into the ring. Blocks the thread, not the vcpu, while the ring
// is full. Bytes, or -EFAULT, -EINTR if a signal came before the first byte, -EAGAIN with nowait,
// or why the host could not write what came before (-EPIPE, -ENOSPC...).
ssize_t console_write_iter(int stream, struct iov_iter *it, bool nowait);
bool console_writable(void);
extern struct wait_queue console_output; // woken when there may be room again

// Takes what has come: bytes, 0 at the end of input, -EAGAIN if there is nothing now. kernel
// memory.
ssize_t console_read(void *buf, size_t n);
bool console_readable(void);             // something is there, or the end
void console_want_input(bool on);        // counted: somebody begins or ends to wait for input
extern struct wait_queue console_input;  // woken when input comes

bool console_is_tty(int fd);             // 0, 1, 2, as the host found them
void console_size(unsigned *rows, unsigned *cols);

// Output that waits in a ring for the next crossing (core/output.c). Whoever puts something into a
// ring says so; the way back to the program then looks at its age.
void output_queued(void);

#endif
