// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// open, openat, creat. Whoever can open files can write them and look into /dev and /proc:
// these parts come in from here.
#include <fs/at.h>
#include <fs/tmpfs.h>

// Referred to so that the linker brings them along; fs_init() finds them by their weak names.
void *const fs_open_needs[] __attribute__((used)) = {
	(void *)tmpfs_root, (void *)devfs_populate, (void *)procfs_mount, (void *)chrdev_open,
};

long open_at(int dirfd, const char *user_path, unsigned flags, uint32_t mode)
{
	struct at_path a;
	const char *path;
	struct file *f;
	long r = at_begin(&a, dirfd, user_path);

	if (r)
		return r;
	path = a.path;
	// The directory is the root of absolute paths too.
	if ((flags & LOOKUP_IN_ROOT) && *path == '/' && dirfd != AT_FDCWD)
		r = fd_vnode(dirfd, -ENOTDIR, &a.at);
	if (flags & LOOKUP_IN_ROOT)
		while (*path == '/' && path[1])
			path++;
	if (!r)
		r = file_open(a.at, path, flags | O_LARGEFILE, mode, &f);
	at_end(&a);
	return r ? r : fd_install(f, flags & O_CLOEXEC);
}

long sys_open(const char *path, unsigned flags, uint32_t mode)
{
	return open_at(AT_FDCWD, path, flags & OPEN_FLAGS, mode);
}

long sys_openat(int dirfd, const char *path, unsigned flags, uint32_t mode)
{
	return open_at(dirfd, path, flags & OPEN_FLAGS, mode);
}

long sys_creat(const char *path, uint32_t mode)
{
	return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
