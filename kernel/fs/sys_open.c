// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// open, openat, openat2, creat. Whoever can open files can write them and look into /dev and /proc:
// these parts come in from here.
#include <fs/at.h>
#include <fs/tmpfs.h>

// Referred to so that the linker brings them along; fs_init() finds them by their weak names.
void *const fs_open_needs[] __attribute__((used)) = {
	(void *)tmpfs_root, (void *)devfs_populate, (void *)procfs_mount, (void *)chrdev_open,
};

#define O_SYNC_ASYNC (04010000 | 020000) /* O_SYNC, O_DSYNC, O_ASYNC: kept for who asks */
#define OPEN_FLAGS (O_ACCMODE | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC | O_APPEND | O_NONBLOCK | \
		    O_DIRECT | O_LARGEFILE | O_DIRECTORY | O_NOFOLLOW | O_NOATIME | O_CLOEXEC | \
		    O_PATH | O_TMPFILE_BIT | O_SYNC_ASYNC)

static long do_open(int dirfd, const char *user_path, unsigned flags, uint32_t mode)
{
	struct at_path a;
	struct file *f;
	long r = at_begin(&a, dirfd, user_path);

	if (r)
		return r;
	r = file_open(a.at, a.path, (flags & OPEN_FLAGS) | O_LARGEFILE, mode, &f);
	at_end(&a);
	return r ? r : fd_install(f, flags & O_CLOEXEC);
}

long sys_open(const char *path, unsigned flags, uint32_t mode)
{
	return do_open(AT_FDCWD, path, flags, mode);
}

long sys_openat(int dirfd, const char *path, unsigned flags, uint32_t mode)
{
	return do_open(dirfd, path, flags, mode);
}

long sys_creat(const char *path, uint32_t mode)
{
	return do_open(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode);
}
