// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mkdir's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	t_dir();
	t_file("f", "");
	NEED(mkdir("d", 0700) == 0 && symlink("nowhere", "l") == 0);
	CHECK_ERR(mkdir("d", 0700), EEXIST);
	CHECK_ERR(mkdir("f", 0700), EEXIST);
	CHECK_ERR(mkdir("l", 0700), EEXIST);
	CHECK_ERR(mkdir(".", 0700), EEXIST);
	CHECK_ERR(mkdir("..", 0700), EEXIST);
	CHECK_ERR(mkdir("/", 0700), EEXIST);
	CHECK_ERR(mkdir("", 0700), ENOENT);
	CHECK_ERR(mkdir("none/d", 0700), ENOENT);
	CHECK_ERR(mkdir("f/d", 0700), ENOTDIR);
	CHECK_ERR(mkdirat(99, "d", 0700), EBADF);
	return 0;
}
