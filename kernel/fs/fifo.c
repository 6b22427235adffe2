// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Fifos: a pipe that is made when the first end of its node is opened, and goes with the last.
#include <fs/tmpfs.h>
#include <fs/abi.h>
#include <fs/pipe.h>
#include <linux/syscall.h>

static void fifo_close(struct file *f)
{
	struct pipe *p = f->data;

	if (!p || !pipe_end_closed(f))
		return;
	*p->home = NULL;
	pipe_free(p);
}

static const struct file_ops fifo_ops = {
	.kind = "fifo",
	.read = pipe_read,
	.write = pipe_write,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.release = fifo_close,
};

int fifo_open(void **fifo, struct file *f)
{
	unsigned access = f->flags & O_ACCMODE;
	struct pipe *p = *fifo;
	int r = 0;

	if (access == O_WRONLY && (f->flags & O_NONBLOCK) && (!p || !p->readers))
		return -ENXIO;
	if (!p)
		*fifo = p = pipe_new();
	if (!p)
		return -ENOMEM;
	p->home = fifo;
	f->ops = &fifo_ops;
	pipe_end_opened(f, p);
	if (f->flags & O_NONBLOCK)
		return 0;
	if (access == O_RDONLY)
		wait_until(&p->readable, p->writers, FOREVER, r);
	else if (access == O_WRONLY)
		wait_until(&p->writable, p->readers, FOREVER, r);
	return r ? -ERESTARTSYS : 0;
}
