// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// memfds that are sealed step by step: what can still be done.
#include "t.h"

#define ADD 1033 /* F_ADD_SEALS */
#define GET 1034
#define SEAL 1
#define SHRINK 2
#define GROW 4
#define WRITE 8
#define FUTURE 16

int main(void)
{
	int fd = (int)syscall(SYS_memfd_create, "x", 2 /* MFD_ALLOW_SEALING */);
	int plain = (int)syscall(SYS_memfd_create, "y", 0);
	char buf[8192] = "abc", *p;

	CHECK(fd >= 0 && plain >= 0);
	SHOW(fcntl(fd, GET));
	SHOW(fcntl(plain, GET));
	CHECK(ftruncate(fd, 8192) == 0 && write(fd, buf, 3) == 3);
	SHOW(fcntl(fd, ADD, SHRINK));
	CHECK(ftruncate(fd, 12288) == 0);
	SHOW(fcntl(fd, ADD, GROW));
	SHOW(fcntl(fd, GET));
	CHECK(ftruncate(fd, 12288) == 0); // as it is
	SHOW(pwrite(fd, buf, 8192, 4096));
	SHOW(pwrite(fd, buf, 8192, 8192)); // the page that is there
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED);
	SHOW(fcntl(fd, ADD, FUTURE));
	p[1] = 'B';
	CHECK(pread(fd, buf, 3, 0) == 3 && !memcmp(buf, "aBc", 3));
	SHOW(pwrite(fd, buf, 0, 0));
	CHECK(munmap(p, 4096) == 0);
	SHOW(fcntl(fd, ADD, WRITE | SEAL));
	SHOW(fcntl(fd, GET));
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	CHECK(p != MAP_FAILED && p[1] == 'B');
	p[1] = 'x'; // its own
	CHECK(pread(fd, buf, 3, 0) == 3 && !memcmp(buf, "aBc", 3));
	CHECK(fchmod(fd, 0600) == 0);
	return 0;
}
