// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A file without a name lives while it is open.
#include "t.h"

int main(void)
{
	char buf[8] = { 0 };
	struct stat st;
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	SHOW(write(fd, "abc", 3));
	SHOW(unlink("a"));
	CHECK_ERR(open("a", O_RDONLY), ENOENT);
	SHOW(write(fd, "def", 3));
	SHOW(pread(fd, buf, 8, 0));
	say("%s", buf);
	SHOW(fstat(fd, &st));
	SHOW(st.st_nlink);
	SHOW(close(open("a", O_CREAT | O_EXCL | O_RDWR, 0600)));
	SHOW(stat("a", &st));
	SHOW(st.st_size);
	return 0;
}
