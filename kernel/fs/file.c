// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Open files: reference counts, and reading and writing from inside the library OS.
#include <core/percpu.h>
#include <fs/file.h>
#include <fs/abi.h>
#include <fs/notify.h>
#include <fs/vnode.h>
#include <mm/mm.h>

#pragma weak epoll_forget
#pragma weak locks_forget

struct file *file_new(const struct file_ops *ops, unsigned flags, void *data)
{
	struct file *f = kzalloc(sizeof(*f));

	if (!f)
		return NULL;
	f->ops = ops;
	f->refs = 1;
	f->flags = flags;
	f->data = data;
	list_init(&f->epoll);
	percpu()->area->open_files++;
	return f;
}

struct file *file_get(struct file *f)
{
	f->refs++;
	return f;
}

void file_put(struct file *f)
{
	kassert(f->refs);
	if (--f->refs)
		return;
	if (!list_empty(&f->epoll))
		epoll_forget(f);
	if (f->locks)
		locks_forget(f);
	if (fs_watched)
		notify_file(f, (f->flags & O_ACCMODE) == O_RDONLY ? IN_CLOSE_NOWRITE : IN_CLOSE_WRITE);
	if (f->ops->release)
		f->ops->release(f);
	vnode_put(f->vnode);
	kfree(f->path);
	kfree(f);
	percpu()->area->open_files--;
}

int file_stat(struct file *f, struct kstat *st)
{
	memset(st, 0, sizeof(*st));
	st->blksize = PAGE_SIZE;
	st->nlink = 1;
	if (f->ops->stat)
		return f->ops->stat(f, st);
	if (f->vnode)
		return vnode_stat(f->vnode, st);
	st->dev = 0xe; // an anonymous inode: eventfd, epoll...
	st->mode = 0600;
	st->ino = 1;
	return 0;
}

ssize_t file_read_kernel(struct file *f, void *buf, size_t n, uint64_t *pos)
{
	struct iov_iter it;
	struct iov one;

	if (!f->ops->read)
		return -EINVAL;
	iov_iter_one_kernel(&it, &one, buf, n);
	return f->ops->read(f, &it, pos, false);
}

ssize_t file_write_kernel(struct file *f, const void *buf, size_t n, uint64_t *pos)
{
	struct iov_iter it;
	struct iov one;

	if (!f->ops->write)
		return -EINVAL;
	iov_iter_one_kernel(&it, &one, (void *)buf, n);
	return f->ops->write(f, &it, pos, false);
}
