// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// rename replaces, keeps the file, and does nothing for two names of one file.
#include "t.h"

int main(void)
{
	struct stat before, after;
	char buf[8] = { 0 };
	t_dir();
	t_file("a", "aaa");
	t_file("b", "bbb");
	NEED(stat("a", &before) == 0);
	int old = open("b", O_RDONLY);
	SHOW(rename("a", "b"));
	NEED(stat("b", &after) == 0);
	CHECK(before.st_ino == after.st_ino);
	CHECK_ERR(access("a", F_OK), ENOENT);
	SHOW(read(old, buf, 8));
	say("%s", buf);
	SHOW(rename("b", "b"));
	NEED(link("b", "c") == 0);
	SHOW(rename("b", "c"));
	SHOW(access("b", F_OK));
	NEED(mkdir("d", 0700) == 0);
	SHOW(rename("c", "d/e"));
	SHOW(renameat(AT_FDCWD, "d/e", AT_FDCWD, "f"));
	SHOW(access("f", F_OK));
	return 0;
}
