// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Descriptors that are no directories.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	struct stat st;
	t_dir();
	t_file("f", "abc");
	int fd = open("f", O_RDONLY);
	CHECK_ERR(openat(fd, "x", O_RDONLY), ENOTDIR);
	CHECK_ERR(openat(99, "x", O_RDONLY), EBADF);
	CHECK_ERR(openat(-1, "x", O_RDONLY), EBADF);
	CHECK_ERR(openat(AT_FDCWD, "", O_RDONLY), ENOENT);
	CHECK_ERR(fstatat(fd, "x", &st, 0), ENOTDIR);
	CHECK_ERR(fstatat(99, "x", &st, 0), EBADF);
	CHECK_ERR(fstatat(AT_FDCWD, "f", &st, 0x10000000), EINVAL);
	CHECK_ERR(mkdirat(fd, "x", 0700), ENOTDIR);
	CHECK_ERR(symlinkat("a", 99, "x"), EBADF);
	return 0;
}
