// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// chdir's and fchdir's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("f", "");
	NEED(symlink("nowhere", "l") == 0);
	CHECK_ERR(chdir("none"), ENOENT);
	CHECK_ERR(chdir("f"), ENOTDIR);
	CHECK_ERR(chdir("l"), ENOENT);
	CHECK_ERR(chdir(""), ENOENT);
	CHECK_ERR(fchdir(99), EBADF);
	CHECK_ERR(fchdir(open("f", O_RDONLY)), ENOTDIR);
	CHECK_ERR(fchdir(open("/dev/null", O_RDONLY)), ENOTDIR);
	SHOW(access("f", F_OK));
	return 0;
}
