// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A mapping that grows downwards when what is below it is touched, and its rights with it.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *room = mmap(NULL, 4096 * 4096, PROT_NONE, flags, -1, 0), *p, *low;

	CHECK(room != MAP_FAILED && munmap(room, 4096 * 4096) == 0);
	p = mmap(room + 4000 * 4096, 2 * 4096, prot, flags | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
	CHECK(p == room + 4000 * 4096);
	p[0] = 1;
	low = p;
	for (int i = 0; i < 100; i++) {
		low -= 4096;
		low[17] = (char)i;
	}
	CHECK(low[17] == 99 && p[0] == 1 && p[17 - 4096] == 0);
	low[-20 * 4096] = 5; // not only the next page
	CHECK(low[-3 * 4096] == 0);
	CHECK(mprotect(p + 4096, 4096, PROT_READ | PROT_GROWSDOWN) == 0); // all of it, from its lowest page on
	CHECK(read(-1, p, 0) == -1);
	int fd = open("/dev/zero", O_RDONLY);
	CHECK_ERR(read(fd, low, 1), EFAULT);
	CHECK_ERR(read(fd, p, 1), EFAULT);
	CHECK(mprotect(p + 4096, 4096, PROT_READ | PROT_WRITE | PROT_GROWSDOWN) == 0 && read(fd, low + 17, 1) == 1 && low[17] == 0);
	return 0;
}
