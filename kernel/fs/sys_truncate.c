// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sizes: truncate, ftruncate, fallocate.
#include <fs/at.h>
#include <fs/notify.h>
#include <fs/tmpfs.h>
#include <fs/volfs.h>
#include <mm/mm.h>

// See fs/sys_open.c.
void *const fs_truncate_needs[] __attribute__((used)) = {
	(void *)tmpfs_punch, (void *)volfs_allocate, (void *)mm_punch,
};

static long resize(struct vnode *v, int64_t size)
{
	struct kstat st = { .size = (uint64_t)size };
	int r = file_size_allowed ? file_size_allowed(st.size) : 0;

	if (r)
		return r;
	return v->ops->setattr ? v->ops->setattr(v, &st, ATTR_SIZE) : -EROFS;
}

long sys_truncate(const char *path, int64_t size)
{
	struct vnode *v;
	long r = size < 0 ? -EINVAL : at_vnode(AT_FDCWD, path, 0, &v);

	if (r)
		return r;
	r = S_ISDIR(v->mode) ? -EISDIR : !S_ISREG(v->mode) ? -EINVAL : vnode_access(v, 2, false);
	if (!r)
		r = resize(v, size);
	if (!r && fs_watched)
		notify_looked_up(v, IN_MODIFY);
	vnode_put(v);
	return r;
}

// A regular file that is open for writing.
static int writable_fd(int fd, int other, struct file **f)
{
	int r = 0;

	*f = fd_get(fd);
	if (!*f)
		return -EBADF;
	if ((*f)->flags & O_PATH)
		r = -EBADF;
	else if (!(*f)->vnode || !S_ISREG((*f)->vnode->mode))
		r = other;
	else if (((*f)->flags & O_ACCMODE) == O_RDONLY)
		r = other == -ENODEV ? -EBADF : -EINVAL;
	if (r)
		file_put(*f);
	return r;
}

long sys_ftruncate(int fd, int64_t size)
{
	struct file *f;
	long r = size < 0 ? -EINVAL : writable_fd(fd, -EINVAL, &f);

	if (r)
		return r;
	r = resize(f->vnode, size);
	if (!r && fs_watched)
		notify_file(f, IN_MODIFY);
	file_put(f);
	return r;
}

#define FALLOC_KEEP_SIZE 1 /* include/uapi/linux/falloc.h */
#define FALLOC_PUNCH_HOLE 2

static long allocate(struct vnode *v, unsigned mode, uint64_t off, uint64_t len)
{
	struct kstat st;
	long r;

	if (v->ops->allocate)
		return v->ops->allocate(v, mode, off, len);
	if (mode & FALLOC_PUNCH_HOLE)
		return v->ops->punch ? v->ops->punch(v, off, len) : -EOPNOTSUPP;
	r = vnode_stat(v, &st);
	if (r || (mode & FALLOC_KEEP_SIZE) || off + len <= st.size)
		return r;
	return resize(v, (int64_t)(off + len));
}

long sys_fallocate(int fd, unsigned mode, int64_t off, int64_t len)
{
	struct file *f;
	long r;

	if (off < 0 || len <= 0)
		return -EINVAL;
	if (off + len < 0)
		return -EFBIG;
	if (mode && mode != FALLOC_KEEP_SIZE && mode != (FALLOC_KEEP_SIZE | FALLOC_PUNCH_HOLE))
		return -EOPNOTSUPP;
	r = writable_fd(fd, -ENODEV, &f);
	if (r)
		return r;
	r = allocate(f->vnode, mode, (uint64_t)off, (uint64_t)len);
	if (!r && fs_watched)
		notify_file(f, IN_MODIFY);
	file_put(f);
	return r;
}
