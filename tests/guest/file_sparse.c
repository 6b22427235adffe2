// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A seek past the end and a write leave zeroes between.
#include "t.h"

int main(void)
{
	char buf[4096];
	struct stat st;
	t_dir();
	int fd = open("a", O_CREAT | O_RDWR, 0600);
	SHOW(lseek(fd, 1 << 20, SEEK_SET));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	SHOW(write(fd, "end", 3));
	SHOW(fstat(fd, &st));
	SHOW(st.st_size);
	memset(buf, 1, sizeof buf);
	SHOW(pread(fd, buf, sizeof buf, 500000));
	int sum = 0;
	for (size_t i = 0; i < sizeof buf; i++)
		sum += buf[i];
	SHOW(sum);
	SHOW(lseek(fd, -3, SEEK_END));
	SHOW(read(fd, buf, sizeof buf));
	say("%.3s", buf);
	return 0;
}
