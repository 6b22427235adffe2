// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Shorter drops the tail for good; longer adds zeroes.
#include "t.h"

int main(void)
{
	char buf[16];
	struct stat st;
	t_dir();
	t_file("a", "abcdefghij");
	int fd = open("a", O_RDWR);
	SHOW(ftruncate(fd, 4));
	SHOW(ftruncate(fd, 8));
	SHOW(pread(fd, buf, 16, 0));
	for (int i = 0; i < 8; i++)
		say("%d", buf[i]);
	SHOW(truncate("a", 100000));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(pread(fd, buf, 16, 99990));
	SHOW(truncate("a", 0));
	SHOW(pread(fd, buf, 16, 0));
	return 0;
}
