// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Descriptors: close, dup.
#include <fs/abi.h>
#include <fs/file.h>
#include <linux/process.h>

#define CLOSE_RANGE_UNSHARE 2
#define CLOSE_RANGE_CLOEXEC 4

long sys_close(int fd)
{
	return fd_close(fd);
}

long sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	int fd;

	if ((flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC)) || first > last)
		return -EINVAL;
	if (first > INT32_MAX)
		return 0;
	for (fd = (int)first;
	     (fd = fd_next(current_process()->files, fd)) >= 0 && (unsigned)fd <= last; fd++) {
		if (flags & CLOSE_RANGE_CLOEXEC)
			fd_cloexec(fd, 1);
		else
			fd_close(fd);
	}
	return 0;
}

long sys_dup(int fd)
{
	struct file *f = fd_get(fd);

	return f ? fd_install(f, false) : -EBADF;
}

static long dup_to(int fd, int to, bool cloexec)
{
	struct file *f = fd_get(fd);

	return f ? fd_install_at(current_process()->files, to, f, cloexec) : -EBADF;
}

long sys_dup2(int fd, int to)
{
	struct file *f = fd == to ? fd_get(fd) : NULL;

	if (fd != to)
		return dup_to(fd, to, false);
	if (!f)
		return -EBADF;
	file_put(f);
	return fd;
}

long sys_dup3(int fd, int to, unsigned flags)
{
	return fd == to || (flags & ~O_CLOEXEC) ? -EINVAL : dup_to(fd, to, flags & O_CLOEXEC);
}
