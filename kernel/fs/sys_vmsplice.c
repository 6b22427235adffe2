// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// vmsplice: memory to a pipe, or from it. Bytes are copied at once, whatever the flags promise of
// pages; so what is in the pipe does not change with the memory. As on Linux (fs/splice.c) what does
// not fit is left to the caller.
#include <fs/abi.h>
#include <fs/file.h>
#include <fs/pipe.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define SPLICE_F_NONBLOCK 2u
#define SPLICE_F_ALL 15u
#define FAST_IOV 8

static size_t room(const struct pipe *p)
{
	return p->capacity > p->used ? p->capacity - p->used : 0;
}

static ssize_t to_pipe(struct file *f, struct iov_iter *it, bool nowait)
{
	struct pipe *p = f->data;
	int r = 0;

	if (p->readers && !room(p)) {
		if (nowait)
			return -EAGAIN;
		wait_until(&p->writable, room(p) || !p->readers, FOREVER, r);
		if (r)
			return -ERESTARTSYS;
	}
	if (p->readers)
		it->left = MIN(it->left, room(p));
	return pipe_write(f, it, NULL, nowait);
}

static ssize_t transfer(struct file *f, struct iov_iter *it, bool nowait)
{
	if (!it->left)
		return 0;
	if (f->ops->poll != pipe_poll)
		return -EBADF;
	return (f->flags & O_ACCMODE) == O_RDONLY ? pipe_read(f, it, NULL, nowait) :
						    to_pipe(f, it, nowait);
}

long sys_vmsplice(int fd, const void *vec, size_t count, unsigned flags)
{
	struct file *f = flags & ~SPLICE_F_ALL ? NULL : fd_get(fd);
	struct iov fast[FAST_IOV], *alloc = NULL;
	struct iov_iter it;
	long r;

	if (!f)
		return flags & ~SPLICE_F_ALL ? -EINVAL : -EBADF;
	r = f->flags & O_PATH ? -EBADF : iov_import(&it, vec, count, fast, FAST_IOV, &alloc);
	if (!r)
		r = transfer(f, &it, file_nowait(f, flags & SPLICE_F_NONBLOCK));
	kfree(alloc);
	file_put(f);
	return r;
}
