// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// copy_file_range between files, and inside one: what overlaps is refused, and a file does not
// grow for ever because it is copied to its own end.
//
// ERROR: yes
#include "t.h"

static off_t size_of(int fd)
{
	struct stat st;

	NEED(fstat(fd, &st) == 0);
	return st.st_size;
}

int main(void)
{
	off_t from = 0, to = 0;
	char buf[16] = { 0 };
	t_dir();
	t_file("a", "0123456789");
	int a = open("a", O_RDWR), b = open("b", O_CREAT | O_RDWR, 0600);
	SHOW(copy_file_range(a, &from, b, &to, 100, 0));
	SHOW(from);
	SHOW(to);
	from = 0, to = 5;
	CHECK_ERR(copy_file_range(a, &from, a, &to, 6, 0), EINVAL);
	SHOW(copy_file_range(a, &to, a, &from, 5, 0));
	NEED(pread(a, buf, 10, 0) == 10);
	say("%s", buf);
	from = to = 3;
	CHECK_ERR(copy_file_range(a, &from, a, &to, 1, 0), EINVAL);
	from = 4, to = 10;
	SHOW(copy_file_range(a, &from, a, &to, 100, 0));
	SHOW(size_of(a));
	from = 16, to = 0;
	SHOW(copy_file_range(a, &from, a, &to, 100, 0));
	SHOW(size_of(a));
	int again = open("a", O_RDONLY);
	from = 0, to = 1;
	CHECK_ERR(copy_file_range(again, &from, a, &to, 2, 0), EINVAL);
	CHECK_ERR(copy_file_range(a, NULL, again, NULL, 1, 0), EBADF);
	CHECK_ERR(copy_file_range(a, NULL, b, NULL, 1, 1), EINVAL);
	return 0;
}
