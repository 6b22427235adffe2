// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A file in the middle of a path, and O_DIRECTORY on a file.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	struct stat st;
	t_dir();
	t_file("f", "x");
	CHECK_ERR(open("f/x", O_RDONLY), ENOTDIR);
	CHECK_ERR(open("f/x", O_CREAT | O_WRONLY, 0600), ENOTDIR);
	CHECK_ERR(open("f/", O_RDONLY), ENOTDIR);
	CHECK_ERR(open("f/.", O_RDONLY), ENOTDIR);
	CHECK_ERR(open("f/..", O_RDONLY), ENOTDIR);
	CHECK_ERR(open("f", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERR(stat("f/x", &st), ENOTDIR);
	CHECK_ERR(mkdir("f/x", 0700), ENOTDIR);
	CHECK_ERR(rmdir("f"), ENOTDIR);
	CHECK_ERR(chdir("f"), ENOTDIR);
	CHECK_ERR(unlink("f/x"), ENOTDIR);
	CHECK_ERR(symlink("a", "f/x"), ENOTDIR);
	SHOW(stat("f", &st));
	return 0;
}
