// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// symlink's and readlink's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char buf[8];
	t_dir();
	t_file("a", "");
	NEED(symlink("x", "l") == 0);
	CHECK_ERR(symlink("x", "a"), EEXIST);
	CHECK_ERR(symlink("x", "l"), EEXIST);
	CHECK_ERR(symlink("", "m"), ENOENT);
	CHECK_ERR(symlink("x", ""), ENOENT);
	CHECK_ERR(symlink("x", "none/m"), ENOENT);
	CHECK_ERR(symlink("x", "a/m"), ENOTDIR);
	CHECK_ERR(readlink("a", buf, sizeof buf), EINVAL);
	CHECK_ERR(syscall(SYS_readlink, "l", buf, 0), EINVAL);
	CHECK_ERR(readlink("l", (char *)BAD_PTR, 4), EFAULT);
	CHECK_ERR(open("l", O_RDONLY), ENOENT);
	return 0;
}
