// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The host's side of the console rings, for every host: the monitor, and the process platform's
// guest half, which has no libc. How to read and write a file descriptor is the includer's; both
// functions give bytes or a negative errno and may give less than asked for. They never block: the
// caller polls first.
#ifndef PITH_CONSOLE_H
#define PITH_CONSOLE_H

#include <pith/ring.h>

#define CONSOLE_STDOUT 1 // tags of records
#define CONSOLE_STDERR 2
#define CONSOLE_CHUNK 2048 // PIPE_BUF or less: a writable pipe takes a chunk of output whole

struct console_io {
	long (*read)(int fd, void *buf, unsigned long n);
	long (*write)(int fd, const void *buf, unsigned long n);
	int (*writable)(int fd); // would a write of CONSOLE_CHUNK bytes not block?
};

struct console {
	struct ring_end out, in; // ring NULL: broken or absent
	uint32_t done;           // bytes of the record at the front that are written already
	int blocked;             // fd that takes no more for now: poll it for POLLOUT; -1: none
	unsigned char lost[3];   // by fd: nobody reads it any more, what goes there is dropped
	unsigned char broken;
	uint32_t *errors;        // vcpu_area.stream_error, or NULL
};

#define CONSOLE_EAGAIN (-11) /* -errno, without a libc's errno.h */
#define CONSOLE_EPIPE (-32)
#define CONSOLE_EINTR (-4)

// Writes one record or a part of it. Gives 1 when it is done with: written, or dropped because it
// cannot be (a full disk).
static inline int console_put(struct console *c, const struct console_io *io,
			      const struct ring_rec *rec, const uint8_t *p)
{
	int fd = rec->tag == CONSOLE_STDERR ? 2 : 1;

	while (c->done < rec->len && !c->lost[fd]) {
		uint32_t n = rec->len - c->done;
		long r;

		if (!io->writable(fd)) {
			c->blocked = fd;
			return 0;
		}
		r = io->write(fd, p + c->done, n < CONSOLE_CHUNK ? n : CONSOLE_CHUNK);
		if (r == CONSOLE_EINTR)
			continue;
		if (r == CONSOLE_EAGAIN) {
			c->blocked = fd;
			return 0;
		}
		if (r == CONSOLE_EPIPE)
			c->lost[fd] = 1;
		if (r < 0) {
			if (c->errors)
				__atomic_store_n(&c->errors[fd], (uint32_t)-r, __ATOMIC_RELEASE);
			return 1;
		}
		c->done += (uint32_t)r;
	}
	return 1;
}

// Writes what the guest has sent as far as the streams take it.
static inline void console_flush(struct console *c, const struct console_io *io)
{
	struct ring_rec rec;
	uint8_t *payload;
	int r = 0;

	c->blocked = -1;
	while (c->out.ring && (r = ring_next(&c->out, &rec, &payload)) == 1) {
		if (!console_put(c, io, &rec, payload))
			return;
		c->done = 0;
		ring_pop(&c->out, &rec);
	}
	if (r < 0)
		c->out.ring = NULL;
}

// Is there room for input, and is all of the earlier input consumed? Only then is standard input
// read. (in.mine may be ahead of the head: ring_space() has gone to the start of the ring, and then
// nothing came.)
static inline int console_wants(const struct console *c)
{
	return c->in.ring && __atomic_load_n(&c->in.ring->tail, __ATOMIC_ACQUIRE) ==
				     __atomic_load_n(&c->in.ring->head, __ATOMIC_RELAXED);
}

// Reads standard input, which is readable, into the ring. End of file (and an error) is a record of
// length 0.
static inline void console_fill(struct console *c, const struct console_io *io)
{
	uint32_t room = ring_max(c->in.size) < CONSOLE_CHUNK ? ring_max(c->in.size) : CONSOLE_CHUNK;
	uint8_t *p;
	long r;
	int err;

	if (!console_wants(c))
		return;
	p = ring_space(&c->in, room, &err);
	if (!p) {
		if (err == RING_EPROTO)
			c->in.ring = NULL;
		return;
	}
	r = io->read(0, p, room);
	if (r == CONSOLE_EINTR || r == CONSOLE_EAGAIN)
		return;
	ring_push(&c->in, r > 0 ? (uint32_t)r : 0, 0);
}

#endif
