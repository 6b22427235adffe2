// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A slash at the end asks for a directory.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	struct stat st;
	t_dir();
	t_file("f", "");
	NEED(symlink("f", "l") == 0);
	SHOW(mkdir("d/", 0700));
	SHOW(stat("d/", &st));
	SHOW(stat("d//", &st));
	SHOW(stat(".//d/./", &st));
	CHECK_ERR(stat("f/", &st), ENOTDIR);
	CHECK_ERR(stat("l/", &st), ENOTDIR);
	CHECK_ERR(open("new/", O_CREAT | O_WRONLY, 0600), EISDIR);
	CHECK_ERR(mkdir("f/", 0700), EEXIST);
	SHOW(symlink("d", "dl"));
	SHOW(lstat("dl/", &st));
	CHECK(S_ISDIR(st.st_mode));
	SHOW(rmdir("d/"));
	return 0;
}
