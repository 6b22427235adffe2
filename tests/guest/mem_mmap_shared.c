// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A shared file mapping and the file are the same bytes, in both directions and between mappings.
#include "t.h"

int main(void)
{
	char buf[16] = { 0 };
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	NEED(ftruncate(fd, 8192) == 0);
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *q = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 4096);
	CHECK(p != MAP_FAILED && q != MAP_FAILED && p != q);
	strcpy(p + 4096, "through");
	say("%s", q);
	SHOW(pread(fd, buf, 8, 4096));
	say("%s", buf);
	SHOW(pwrite(fd, "back", 5, 4096));
	say("%s", q);
	SHOW(msync(p, 8192, MS_SYNC));
	SHOW(munmap(p, 8192));
	say("%s", q);
	SHOW(close(fd));
	say("%s", q);
	return 0;
}
