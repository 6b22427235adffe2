// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Attributes: modes and owners.
#include <fs/at.h>
#include <fs/notify.h>
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
	may = v->ops->setattr ? v->ops->setattr(v, st, what) : -EROFS;
	if (!may && fs_watched)
		notify_looked_up(v, IN_ATTRIB);
	return may;
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

// An owner may give a file to groups of its own, and only root to somebody else.
static int may_chown(struct vnode *v, uint32_t uid, uint32_t gid)
{
	const struct process *p = current_process();
	struct kstat st;
	int r = may_own(v);

	if (r || !p->euid)
		return r;
	r = vnode_stat(v, &st);
	if (r)
		return r;
	if ((uid != -1u && uid != st.uid) ||
	    (gid != -1u && gid != st.gid && gid != p->egid && !process_in_group(p, gid)))
		return -EPERM;
	return 0;
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
	r = (int)set(v, &st, what, may_chown(v, uid, gid));
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
