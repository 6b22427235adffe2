// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reads and writes move one offset; the end of the file reads as 0.
//
// LINK: static-pie
#include "t.h"

int main(void)
{
	char buf[32] = { 0 };
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	SHOW(fd);
	SHOW(write(fd, "hello world", 11));
	SHOW(read(fd, buf, sizeof buf));
	SHOW(lseek(fd, 0, SEEK_SET));
	SHOW(read(fd, buf, 5));
	say("%s", buf);
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(read(fd, buf, sizeof buf));
	say("%s", buf);
	SHOW(read(fd, buf, sizeof buf));
	SHOW(write(fd, "", 0));
	SHOW(read(fd, buf, 0));
	SHOW(close(fd));
	return 0;
}
