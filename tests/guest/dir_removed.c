// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nothing can be made in a directory that was removed while open.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char buf[512];
	t_dir();
	NEED(mkdir("d", 0700) == 0);
	int dir = open("d", O_RDONLY | O_DIRECTORY);
	SHOW(rmdir("d"));
	CHECK_ERR(openat(dir, "f", O_CREAT | O_WRONLY, 0600), ENOENT);
	CHECK_ERR(mkdirat(dir, "e", 0700), ENOENT);
	CHECK_ERR(openat(dir, "f", O_RDONLY), ENOENT);
	CHECK_ERR(syscall(SYS_getdents64, dir, buf, sizeof buf), ENOENT);
	SHOW(mkdir("d", 0700));
	SHOW(fchdir(dir));
	return 0;
}
