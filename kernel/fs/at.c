// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The one way from a program's path to a vnode.
#include <fs/at.h>
#include <fs/notify.h>
#include <linux/process.h>

int fd_vnode(int fd, int otherwise, struct vnode **out)
{
	struct file *f = fd_get(fd);
	int r = 0;

	if (!f)
		return -EBADF;
	if (f->vnode && fs_watched)
		notify_remember(f);
	if (f->vnode)
		*out = vnode_get(f->vnode);
	else
		r = otherwise;
	file_put(f);
	return r;
}

int at_begin(struct at_path *a, int dirfd, const char *user_path)
{
	ssize_t n;
	int r = 0;

	a->at = NULL;
	a->path = path_buf_get();
	if (!a->path)
		return -ENOMEM;
	n = string_from_user(a->path, user_path, PATH_MAX);
	if (n < 0)
		r = (int)n;
	else if (a->path[0] != '/' && dirfd != AT_FDCWD)
		r = fd_vnode(dirfd, -ENOTDIR, &a->at);
	if (r)
		at_end(a);
	return r;
}

void at_end(struct at_path *a)
{
	path_buf_put(a->path);
	vnode_put(a->at);
}

int at_parent(struct at_path *a, int dirfd, const char *user_path, unsigned flags, struct lookup *l)
{
	int r = at_begin(a, dirfd, user_path);

	if (r)
		return r;
	r = path_lookup(a->at, a->path, LOOKUP_PARENT | flags, l);
	if (r)
		at_end(a);
	return r;
}

int at_vnode(int dirfd, const char *user_path, unsigned at_flags, struct vnode **out)
{
	struct at_path a;
	int r = at_begin(&a, dirfd, user_path);

	if (r)
		return r;
	if (!a.path[0] && (at_flags & AT_EMPTY_PATH))
		*out = vnode_get(a.at ? a.at : current_process()->cwd);
	else
		r = (fs_watched ? notify_lookup : path_vnode)(
			a.at, a.path, at_flags & AT_SYMLINK_NOFOLLOW ? 0 : LOOKUP_FOLLOW, out);
	at_end(&a);
	return r;
}
