// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Extended attributes: no file has any, and none can be given one, as on a tmpfs without them.
#include <fs/at.h>

static long on_path(const char *path, unsigned flags, long answer)
{
	struct vnode *v;
	long r = at_vnode(AT_FDCWD, path, flags, &v);

	if (r)
		return r;
	vnode_put(v);
	return answer;
}

static long on_fd(int fd, long answer)
{
	struct file *f = fd_get(fd);

	if (!f)
		return -EBADF;
	file_put(f);
	return answer;
}

long sys_getxattr(const char *path) { return on_path(path, 0, -EOPNOTSUPP); }
long sys_lgetxattr(const char *path) { return on_path(path, AT_SYMLINK_NOFOLLOW, -EOPNOTSUPP); }
long sys_fgetxattr(int fd) { return on_fd(fd, -EOPNOTSUPP); }
long sys_setxattr(const char *path) { return on_path(path, 0, -EOPNOTSUPP); }
long sys_lsetxattr(const char *path) { return on_path(path, AT_SYMLINK_NOFOLLOW, -EOPNOTSUPP); }
long sys_fsetxattr(int fd) { return on_fd(fd, -EOPNOTSUPP); }
long sys_removexattr(const char *path) { return on_path(path, 0, -EOPNOTSUPP); }
long sys_lremovexattr(const char *path) { return on_path(path, AT_SYMLINK_NOFOLLOW, -EOPNOTSUPP); }
long sys_fremovexattr(int fd) { return on_fd(fd, -EOPNOTSUPP); }
long sys_listxattr(const char *path) { return on_path(path, 0, 0); }
long sys_llistxattr(const char *path) { return on_path(path, AT_SYMLINK_NOFOLLOW, 0); }
long sys_flistxattr(int fd) { return on_fd(fd, 0); }
