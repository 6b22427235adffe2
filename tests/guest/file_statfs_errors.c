// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// statfs and fstatfs of what is not there.
//
// ERROR: yes
#include "t.h"
#include <sys/statfs.h>

int main(void)
{
	struct statfs s;

	t_dir();
	t_file("f", "x");
	NEED(symlink("loop", "loop") == 0 && symlink("nowhere", "lost") == 0);
	CHECK_ERR(statfs("none", &s), ENOENT);
	CHECK_ERR(statfs("", &s), ENOENT);
	CHECK_ERR(statfs("lost", &s), ENOENT);
	CHECK_ERR(statfs("f/x", &s), ENOTDIR);
	CHECK_ERR(statfs("loop", &s), ELOOP);
	CHECK_ERR(statfs("/proc/none", &s), ENOENT);
	CHECK_ERR(syscall(SYS_statfs, BAD_PTR, &s), EFAULT);
	CHECK_ERR(syscall(SYS_statfs, "f", BAD_PTR), EFAULT);
	CHECK_ERR(fstatfs(99, &s), EBADF);
	CHECK_ERR(syscall(SYS_fstatfs, 1, BAD_PTR), EFAULT);
	return 0;
}
