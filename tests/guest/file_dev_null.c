// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// /dev/null swallows and is empty; /dev/zero is endless.
//
// LINK: static-pie
#include "t.h"

int main(void)
{
	static char buf[10000];
	int fd = open("/dev/null", O_RDWR);
	SHOW(write(fd, buf, sizeof buf));
	SHOW(read(fd, buf, sizeof buf));
	SHOW(lseek(fd, 100, SEEK_SET));
	SHOW(close(fd));
	fd = open("/dev/zero", O_RDWR);
	memset(buf, 'x', sizeof buf);
	SHOW(read(fd, buf, 5000));
	SHOW(buf[0] == 0 && memcmp(buf, buf + 1, 4999) == 0);
	SHOW(buf[5000] == 'x');
	SHOW(write(fd, buf, sizeof buf));
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(p != MAP_FAILED);
	SHOW(p[8191]);
	p[0] = 1;
	SHOW(p[0]);
	return 0;
}
