// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getdents64's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char buf[1024];
	t_dir();
	t_file("f", "");
	int dir = open(".", O_RDONLY), file = open("f", O_RDONLY);
	CHECK_ERR(syscall(SYS_getdents64, file, buf, sizeof buf), ENOTDIR);
	CHECK_ERR(syscall(SYS_getdents64, 99, buf, sizeof buf), EBADF);
	CHECK_ERR(syscall(SYS_getdents64, dir, buf, 8), EINVAL);
	CHECK_ERR(syscall(SYS_getdents64, dir, BAD_PTR, 1024), EFAULT);
	CHECK(syscall(SYS_getdents64, dir, buf, sizeof buf) > 0);
	return 0;
}
