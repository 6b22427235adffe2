// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pread and pwrite leave the offset alone and may write past the end.
#include "t.h"

int main(void)
{
	char buf[16] = { 0 };
	struct stat st;
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	SHOW(pwrite(fd, "tail", 4, 6));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(pwrite(fd, "head", 4, 0));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(pread(fd, buf, 16, 0));
	for (int i = 0; i < 10; i++)
		say("%d", buf[i]);
	SHOW(pread(fd, buf, 16, 8));
	SHOW(pread(fd, buf, 16, 10));
	SHOW(pread(fd, buf, 16, 1000));
	SHOW(lseek(fd, 0, SEEK_CUR));
	return 0;
}
