// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names: make, remove, rename, link, list.
#include <fs/at.h>
#include <fs/notify.h>
#include <fs/tmpfs.h>
#include <fs/volfs.h>
#include <linux/process.h>
#include <mm/mm.h>

void *const fs_dir_needs[] __attribute__((used)) = { // see fs/sys_open.c
	(void *)tmpfs_root, (void *)devfs_populate, (void *)procfs_mount, (void *)tmpfs_unlink,
	(void *)volfs_unlink,
};

// A new name: 0 if it may be made in l->dir.
static int may_create(const struct lookup *l, bool directory)
{
	if (l->vnode)
		return -EEXIST;
	if (l->trailing_slash && !directory)
		return -ENOENT;
	return l->dir->ops->create ? vnode_access(l->dir, 3, false) : -EROFS;
}

static void notify_created(const struct lookup *l, const struct vnode *made)
{
	notify_named(l->dir, l->name, l->len, NULL, IN_CREATE | (S_ISDIR(made->mode) ? IN_ISDIR : 0));
}

static long do_create(int dirfd, const char *path, uint32_t mode, uint64_t rdev, const char *target)
{
	struct vnode *made;
	struct at_path a;
	struct lookup l;
	int r = at_parent(&a, dirfd, path, 0, &l);

	if (r)
		return r;
	r = may_create(&l, S_ISDIR(mode));
	if (!r)
		r = l.dir->ops->create(l.dir, l.name, l.len, mode, rdev, target, &made);
	if (!r && fs_watched)
		notify_created(&l, made);
	if (!r)
		vnode_put(made);
	lookup_put(&l);
	at_end(&a);
	return r;
}

static uint32_t masked(uint32_t mode)
{
	return mode & 07777 & ~current_process()->umask;
}

long sys_mkdir(const char *path, uint32_t mode)
{
	return do_create(AT_FDCWD, path, S_IFDIR | (masked(mode) & 01777), 0, NULL);
}

long sys_mkdirat(int dirfd, const char *path, uint32_t mode)
{
	return do_create(dirfd, path, S_IFDIR | (masked(mode) & 01777), 0, NULL);
}

static long do_symlink(const char *user_target, int dirfd, const char *path)
{
	char *target = path_buf_get();
	long r;

	if (!target)
		return -ENOMEM;
	r = string_from_user(target, user_target, PATH_MAX);
	if (r >= 0)
		r = *target ? do_create(dirfd, path, S_IFLNK | 0777, 0, target) : -ENOENT;
	path_buf_put(target);
	return r;
}

long sys_symlink(const char *target, const char *path)
{
	return do_symlink(target, AT_FDCWD, path);
}

long sys_symlinkat(const char *target, int dirfd, const char *path)
{
	return do_symlink(target, dirfd, path);
}

static bool is_mounted(const struct vnode *v)
{
	return v->parent && v->parent->mounted == v;
}

static long do_unlink(int dirfd, const char *path, bool directory)
{
	struct at_path a;
	struct lookup l;
	int r = at_parent(&a, dirfd, path, 0, &l);

	if (r)
		return r;
	if (l.dots)
		r = !directory ? -EISDIR : !l.len ? -EBUSY : l.len == 1 ? -EINVAL : -ENOTEMPTY;
	else if (!l.vnode)
		r = -ENOENT;
	else if (!directory && l.trailing_slash)
		r = S_ISDIR(l.vnode->mode) ? -EISDIR : -ENOTDIR;
	else if (is_mounted(l.vnode))
		r = -EBUSY;
	else
		r = l.dir->ops->unlink ? vnode_access(l.dir, 3, false) : -EROFS;
	if (!r)
		r = l.dir->ops->unlink(l.dir, l.name, l.len, directory);
	if (!r && fs_watched)
		notify_unlinked(l.dir, l.name, l.len, l.vnode);
	lookup_put(&l);
	at_end(&a);
	return r;
}

long sys_unlink(const char *path)
{
	return do_unlink(AT_FDCWD, path, false);
}

long sys_rmdir(const char *path)
{
	return do_unlink(AT_FDCWD, path, true);
}

long sys_unlinkat(int dirfd, const char *path, unsigned flags)
{
	return flags & ~AT_REMOVEDIR ? -EINVAL : do_unlink(dirfd, path, flags);
}

static int may_rename(const struct lookup *from, const struct lookup *to, unsigned flags)
{
	bool exchange = flags & RENAME_EXCHANGE, dir = from->vnode && S_ISDIR(from->vnode->mode);
	int r;

	if (from->dots || to->dots)
		return flags & RENAME_NOREPLACE && !from->dots ? -EEXIST : -EBUSY;
	if (!from->vnode)
		return -ENOENT;
	if (to->vnode ? flags & RENAME_NOREPLACE : exchange)
		return to->vnode ? -EEXIST : -ENOENT;
	if (exchange && to->trailing_slash && !S_ISDIR(to->vnode->mode))
		return -ENOTDIR;
	if (!dir && (from->trailing_slash || (to->trailing_slash && !exchange)))
		return -ENOTDIR;
	if (from->dir->ops->rename != to->dir->ops->rename)
		return -EXDEV;
	if (is_mounted(from->vnode) || (to->vnode && is_mounted(to->vnode)))
		return -EBUSY;
	if (!from->dir->ops->rename)
		return -EROFS;
	r = vnode_access(from->dir, 3, false);
	return r ? r : vnode_access(to->dir, 3, false);
}

static long do_rename(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	struct at_path fa, ta;
	struct lookup fl, tl;
	int r;

	if ((flags & ~(RENAME_NOREPLACE | RENAME_EXCHANGE)) ||
	    flags == (RENAME_NOREPLACE | RENAME_EXCHANGE))
		return -EINVAL;
	r = at_parent(&fa, from_fd, from, 0, &fl);
	if (r)
		return r;
	r = at_parent(&ta, to_fd, to, 0, &tl);
	if (!r) {
		r = may_rename(&fl, &tl, flags);
		if (!r)
			r = fl.dir->ops->rename(fl.dir, fl.name, fl.len, tl.dir, tl.name, tl.len,
						flags);
		if (!r && fs_watched && fl.vnode != tl.vnode)
			notify_renamed(&fl, &tl, flags & RENAME_EXCHANGE);
		lookup_put(&tl);
		at_end(&ta);
	}
	lookup_put(&fl);
	at_end(&fa);
	return r;
}

long sys_rename(const char *from, const char *to)
{
	return do_rename(AT_FDCWD, from, AT_FDCWD, to, 0);
}

long sys_renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	return do_rename(from_fd, from, to_fd, to, 0);
}

long sys_renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	return do_rename(from_fd, from, to_fd, to, flags);
}

static long do_link(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	struct vnode *v;
	struct at_path a;
	struct lookup l;
	int r;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	r = at_vnode(from_fd, from,
		     (flags & AT_EMPTY_PATH) |
			     (flags & AT_SYMLINK_FOLLOW ? 0 : AT_SYMLINK_NOFOLLOW),
		     &v);
	if (r)
		return r;
	r = at_parent(&a, to_fd, to, 0, &l);
	if (!r) {
		r = may_create(&l, false);
		if (!r)
			r = S_ISDIR(v->mode) ? -EPERM :
			    l.dir->ops->link ? l.dir->ops->link(l.dir, l.name, l.len, v) :
					       -EPERM;
		if (!r && fs_watched) {
			notify_named(NULL, "", 0, v, IN_ATTRIB);
			notify_named(l.dir, l.name, l.len, NULL, IN_CREATE);
		}
		lookup_put(&l);
		at_end(&a);
	}
	vnode_put(v);
	return r;
}

long sys_link(const char *from, const char *to)
{
	return do_link(AT_FDCWD, from, AT_FDCWD, to, 0);
}

long sys_linkat(int from_fd, const char *from, int to_fd, const char *to, unsigned flags)
{
	return do_link(from_fd, from, to_fd, to, flags);
}
