// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// With O_APPEND every write goes to the end, wherever the offset was.
#include "t.h"

int main(void)
{
	char buf[32] = { 0 };
	t_dir();
	t_file("a", "one ");
	int fd = open("a", O_RDWR | O_APPEND);
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(write(fd, "two ", 4));
	SHOW(lseek(fd, 1, SEEK_SET));
	SHOW(write(fd, "three", 5));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(pread(fd, buf, sizeof buf, 0));
	say("%s", buf);
	int other = open("a", O_WRONLY | O_APPEND);
	SHOW(write(other, "!", 1));
	SHOW(write(fd, "?", 1));
	SHOW(pread(fd, buf, sizeof buf, 0));
	say("%s", buf);
	return 0;
}
