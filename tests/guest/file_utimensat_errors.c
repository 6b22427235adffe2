// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// utimensat's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("a", "x");
	struct timespec bad[2] = { { 0, 1000000000 }, { 0, 0 } }, good[2] = { { 1, 1 }, { 1, 1 } };
	CHECK_ERR(utimensat(AT_FDCWD, "a", bad, 0), EINVAL);
	bad[0].tv_nsec = -1;
	CHECK_ERR(utimensat(AT_FDCWD, "a", bad, 0), EINVAL);
	CHECK_ERR(utimensat(AT_FDCWD, "none", good, 0), ENOENT);
	CHECK_ERR(utimensat(AT_FDCWD, "a/b", good, 0), ENOTDIR);
	CHECK_ERR(utimensat(99, "a", good, 0), EBADF);
	CHECK_ERR(utimensat(AT_FDCWD, "a", good, 0x4000000), EINVAL);
	CHECK_ERR(syscall(SYS_utimensat, AT_FDCWD, "a", BAD_PTR, 0), EFAULT);
	return 0;
}
