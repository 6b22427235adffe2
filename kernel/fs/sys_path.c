// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Questions about paths, and the current directory: access, readlink, getcwd, chdir, chroot.
#include <fs/at.h>
#include <linux/process.h>

static long do_access(int dirfd, const char *path, unsigned mode, unsigned flags)
{
	struct vnode *v;
	long r;

	if ((mode & ~7u) || (flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH)))
		return -EINVAL;
	r = at_vnode(dirfd, path, flags, &v);
	if (r)
		return r;
	r = mode ? vnode_access(v, mode, !(flags & AT_EACCESS)) : 0;
	if (!r && (mode & 2) && !v->ops->setattr)
		r = -EROFS;
	vnode_put(v);
	return r;
}

long sys_access(const char *path, unsigned mode) { return do_access(AT_FDCWD, path, mode, 0); }
long sys_faccessat(int dirfd, const char *path, unsigned mode)
{
	return do_access(dirfd, path, mode, 0);
}

long sys_faccessat2(int dirfd, const char *path, unsigned mode, unsigned flags)
{
	return do_access(dirfd, path, mode, flags);
}

static long do_readlink(int dirfd, const char *path, void *user, int size)
{
	struct vnode *v = NULL;
	char *buf;
	long r;

	if (size <= 0)
		return -EINVAL;
	buf = path_buf_get();
	r = buf ? at_vnode(dirfd, path, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH, &v) : -ENOMEM;
	if (!r)
		r = S_ISLNK(v->mode) ? v->ops->readlink(v, buf, PATH_MAX) : -EINVAL;
	if (r > 0) {
		r = MIN(r, size);
		if (copy_to_user(user, buf, (size_t)r))
			r = -EFAULT;
	}
	vnode_put(v);
	if (buf)
		path_buf_put(buf);
	return r;
}

long sys_readlink(const char *path, void *user, int size)
{
	return do_readlink(AT_FDCWD, path, user, size);
}

long sys_readlinkat(int dirfd, const char *path, void *user, int size)
{
	return do_readlink(dirfd, path, user, size);
}

long sys_getcwd(char *user, size_t size)
{
	char *buf = path_buf_get();
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = vnode_path(current_process()->cwd, buf, PATH_MAX);
	if (n >= 0)
		n = (size_t)++n > size ? -ERANGE : copy_to_user(user, buf, (size_t)n) ? -EFAULT : n;
	path_buf_put(buf);
	return n;
}

// Takes the reference.
static long set_cwd(struct vnode *v)
{
	struct process *p = current_process();
	long r = S_ISDIR(v->mode) ? vnode_access(v, 1, false) : -ENOTDIR;

	if (!r) {
		struct vnode *old = p->cwd;

		p->cwd = v;
		v = old;
	}
	vnode_put(v);
	return r;
}

long sys_chdir(const char *path)
{
	struct vnode *v;
	long r = at_vnode(AT_FDCWD, path, 0, &v);

	return r ? r : set_cwd(v);
}

long sys_fchdir(int fd)
{
	struct vnode *v;
	long r = fd_vnode(fd, -ENOTDIR, &v);

	return r ? r : set_cwd(v);
}

long sys_chroot(const char *path)
{
	struct process *p = current_process();
	struct vnode *v, *old = p->root;
	long r = at_vnode(AT_FDCWD, path, 0, &v);

	if (r)
		return r;
	r = S_ISDIR(v->mode) ? vnode_access(v, 1, false) : -ENOTDIR;
	if (!r && p->euid)
		r = -EPERM;
	if (r) {
		vnode_put(v);
		return r;
	}
	p->root = v;
	vnode_put(old);
	vnode_path_forget();
	return 0;
}
