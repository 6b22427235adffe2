// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names that do not exist.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	struct stat st;
	char buf[8];
	t_dir();
	CHECK_ERR(open("none", O_RDONLY), ENOENT);
	CHECK_ERR(open("none/x", O_CREAT | O_RDWR, 0600), ENOENT);
	CHECK_ERR(stat("none", &st), ENOENT);
	CHECK_ERR(lstat("none", &st), ENOENT);
	CHECK_ERR(access("none", F_OK), ENOENT);
	CHECK_ERR(unlink("none"), ENOENT);
	CHECK_ERR(rmdir("none"), ENOENT);
	CHECK_ERR(rename("none", "other"), ENOENT);
	CHECK_ERR(readlink("none", buf, sizeof buf), ENOENT);
	CHECK_ERR(truncate("none", 0), ENOENT);
	CHECK_ERR(chmod("none", 0600), ENOENT);
	CHECK_ERR(chdir("none"), ENOENT);
	CHECK_ERR(link("none", "other"), ENOENT);
	return 0;
}
