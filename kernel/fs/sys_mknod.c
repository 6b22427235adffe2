// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mknod: files, devices, fifos, and sockets without anything behind them.
#include <fs/at.h>
#include <fs/notify.h>
#include <fs/tmpfs.h>
#include <linux/process.h>

// See fs/sys_open.c; and whoever makes fifos can open them.
void *const fs_mknod_needs[] __attribute__((used)) = {
	(void *)tmpfs_root, (void *)devfs_populate, (void *)procfs_mount, (void *)fifo_open,
};

static long do_mknod(int dirfd, const char *path, uint32_t mode, unsigned dev)
{
	struct vnode *made;
	struct at_path a;
	struct lookup l;
	int r;

	mode &= ~(current_process()->umask & 0777);
	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	if (S_ISDIR(mode))
		return -EPERM;
	switch (mode & S_IFMT) {
	case S_IFREG: case S_IFCHR: case S_IFBLK: case S_IFIFO: case S_IFSOCK:
		break;
	default:
		return -EINVAL;
	}
	if (((mode & S_IFMT) == S_IFCHR || (mode & S_IFMT) == S_IFBLK) && current_process()->euid)
		return -EPERM;
	r = at_parent(&a, dirfd, path, 0, &l);
	if (r)
		return r;
	r = l.vnode ? -EEXIST : l.trailing_slash ? -ENOENT : vnode_access(l.dir, 3, false);
	if (!r)
		r = l.dir->ops->create ?
			    l.dir->ops->create(l.dir, l.name, l.len, mode, dev, NULL, &made) :
			    -EROFS;
	if (!r && fs_watched)
		notify_named(l.dir, l.name, l.len, NULL, IN_CREATE);
	if (!r)
		vnode_put(made);
	lookup_put(&l);
	at_end(&a);
	return r;
}

long sys_mknod(const char *path, uint32_t mode, unsigned dev)
{
	return do_mknod(AT_FDCWD, path, mode, dev);
}

long sys_mknodat(int dirfd, const char *path, uint32_t mode, unsigned dev)
{
	return do_mknod(dirfd, path, mode, dev);
}
