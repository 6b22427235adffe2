// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include <monitor/dev/console.h>

static long fd_read(int fd, void *buf, unsigned long n)
{
	ssize_t r = read(fd, buf, n);

	return r < 0 ? -errno : r;
}

static long fd_write(int fd, const void *buf, unsigned long n)
{
	ssize_t r = write(fd, buf, n);

	return r < 0 ? -errno : r;
}

static int fd_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) != 0;
}

const struct console_io console_streams = { .read = fd_read,
					    .write = fd_write,
					    .writable = fd_writable };

void console_open(struct console *c, const struct loaded *l)
{
	memset(c, 0, sizeof(*c));
	c->out = (struct ring_end){ .ring = l->con_out.ring, .size = l->con_out.size };
	c->in = (struct ring_end){ .ring = l->con_in.ring, .size = l->con_in.size };
	c->blocked = -1;
	c->errors = l->area->stream_error;
}
