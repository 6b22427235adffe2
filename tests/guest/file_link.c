// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A second name is the same file and outlives the first.
#include "t.h"

int main(void)
{
	struct stat a, b;
	char buf[8] = { 0 };
	t_dir();
	t_file("a", "abc");
	SHOW(link("a", "b"));
	NEED(stat("a", &a) == 0 && stat("b", &b) == 0);
	CHECK(a.st_ino == b.st_ino);
	SHOW(b.st_nlink);
	int fd = open("b", O_RDWR);
	SHOW(write(fd, "X", 1));
	SHOW(unlink("a"));
	NEED(fstat(fd, &b) == 0);
	SHOW(b.st_nlink);
	SHOW(pread(fd, buf, 8, 0));
	say("%s", buf);
	NEED(symlink("b", "l") == 0);
	SHOW(linkat(AT_FDCWD, "l", AT_FDCWD, "c", AT_SYMLINK_FOLLOW));
	NEED(lstat("c", &a) == 0);
	CHECK(S_ISREG(a.st_mode));
	SHOW(link("l", "m"));
	NEED(lstat("m", &a) == 0);
	CHECK(S_ISLNK(a.st_mode));
	return 0;
}
