// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// statx's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char buf[256];
	t_dir();
	t_file("a", "");
	CHECK_ERR(syscall(SYS_statx, AT_FDCWD, "none", 0, 0x7ff, buf), ENOENT);
	CHECK_ERR(syscall(SYS_statx, AT_FDCWD, "", 0, 0x7ff, buf), ENOENT);
	CHECK_ERR(syscall(SYS_statx, AT_FDCWD, "a/b", 0, 0x7ff, buf), ENOTDIR);
	CHECK_ERR(syscall(SYS_statx, AT_FDCWD, "a", 0x40000000, 0x7ff, buf), EINVAL);
	CHECK_ERR(syscall(SYS_statx, AT_FDCWD, "a", 0, 0x80000000u, buf), EINVAL);
	CHECK_ERR(syscall(SYS_statx, 999, "a", 0, 0x7ff, buf), EBADF);
	CHECK_ERR(syscall(SYS_statx, AT_FDCWD, "a", 0, 0x7ff, BAD_PTR), EFAULT);
	CHECK_ERR(syscall(SYS_statx, 999, "", 0x1000, 0x7ff, buf), EBADF);
	return 0;
}
