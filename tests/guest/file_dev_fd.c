// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /dev/fd/N opens what the descriptor N is open on.
#include "t.h"

int main(void)
{
	char path[32], buf[8] = { 0 };
	t_dir();
	t_file("a", "abc");
	int fd = open("a", O_RDONLY);
	NEED(read(fd, buf, 1) == 1);
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	int again = open(path, O_RDONLY);
	CHECK(again > fd);
	SHOW(read(again, buf, 8));
	say("%s", buf);
	struct stat a, b;
	NEED(fstat(fd, &a) == 0 && stat(path, &b) == 0);
	CHECK(a.st_ino == b.st_ino);
	CHECK_ERR(open("/dev/fd/777", O_RDONLY), ENOENT);
	return 0;
}
