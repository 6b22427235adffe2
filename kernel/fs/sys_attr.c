// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Attributes: modes, owners, times, sizes.
#include <fs/at.h>
#include <linux/process.h>

static int may_own(struct vnode *v)
{
	struct kstat st;
	int r;

	if (!current_process()->euid)
		return 0;
	r = vnode_stat(v, &st);
	return r ? r : st.uid == current_process()->euid ? 0 : -EPERM;
}

static long set(struct vnode *v, const struct kstat *st, unsigned what, int may)
{
	if (may)
		return may;
	return v->ops->setattr ? v->ops->setattr(v, st, what) : -EROFS;
}

static int of_fd(int fd, struct vnode **v)
{
	struct file *f = fd_get(fd);
	int r = f && !(f->flags & O_PATH) ? fd_vnode(fd, -EINVAL, v) : -EBADF;

	if (f)
		file_put(f);
	return r;
}

static long chmod_vnode(int r, struct vnode **found, uint32_t mode)
{
	struct kstat st = { .mode = mode };
	struct vnode *v;

	if (r)
		return r;
	v = *found;
	r = (int)set(v, &st, ATTR_MODE, S_ISLNK(v->mode) ? -EOPNOTSUPP : may_own(v));
	vnode_put(v);
	return r;
}

long sys_chmod(const char *path, uint32_t mode)
{
	struct vnode *v;

	return chmod_vnode(at_vnode(AT_FDCWD, path, 0, &v), &v, mode);
}

long sys_fchmodat(int dirfd, const char *path, uint32_t mode)
{
	struct vnode *v;

	return chmod_vnode(at_vnode(dirfd, path, 0, &v), &v, mode);
}

long sys_fchmodat2(int dirfd, const char *path, uint32_t mode, unsigned flags)
{
	struct vnode *v;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return chmod_vnode(at_vnode(dirfd, path, flags, &v), &v, mode);
}

long sys_fchmod(int fd, uint32_t mode)
{
	struct vnode *v;

	return chmod_vnode(of_fd(fd, &v), &v, mode);
}

static long chown_vnode(int r, struct vnode **found, uint32_t uid, uint32_t gid)
{
	struct kstat st = { .uid = uid, .gid = gid };
	unsigned what = (uid != -1u ? ATTR_UID : 0) | (gid != -1u ? ATTR_GID : 0);
	struct vnode *v;

	if (r)
		return r;
	v = *found;
	if (S_ISREG(v->mode) && (v->mode & 0111)) { // a program does not keep its set-id bits
		st.mode = v->mode & ~(S_ISUID | (v->mode & 010 ? S_ISGID : 0));
		what |= ATTR_MODE;
	}
	r = (int)set(v, &st, what, uid != -1u && current_process()->euid ? -EPERM : may_own(v));
	vnode_put(v);
	return r;
}

long sys_chown(const char *path, uint32_t uid, uint32_t gid)
{
	struct vnode *v;

	return chown_vnode(at_vnode(AT_FDCWD, path, 0, &v), &v, uid, gid);
}

long sys_lchown(const char *path, uint32_t uid, uint32_t gid)
{
	struct vnode *v;

	return chown_vnode(at_vnode(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &v), &v, uid, gid);
}

long sys_fchownat(int dirfd, const char *path, uint32_t uid, uint32_t gid, unsigned flags)
{
	struct vnode *v;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return chown_vnode(at_vnode(dirfd, path, flags, &v), &v, uid, gid);
}

long sys_fchown(int fd, uint32_t uid, uint32_t gid)
{
	struct vnode *v;

	return chown_vnode(of_fd(fd, &v), &v, uid, gid);
}

long sys_umask(uint32_t mask)
{
	uint32_t old = current_process()->umask;

	current_process()->umask = mask & 0777;
	return old;
}

static long resize(struct vnode *v, int64_t size)
{
	struct kstat st = { .size = (uint64_t)size };

	return set(v, &st, ATTR_SIZE, 0);
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
	file_put(f);
	return r;
}

#define FALLOC_KEEP_SIZE 1 /* include/uapi/linux/falloc.h */
#define FALLOC_PUNCH_HOLE 2

static long allocate(struct vnode *v, unsigned mode, uint64_t off, uint64_t len)
{
	struct kstat st;
	long r;

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
	file_put(f);
	return r;
}
