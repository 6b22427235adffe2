// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MAP_FIXED replaces what was there, and only that.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 5 * 4096, prot, flags, -1, 0);
	CHECK(p != MAP_FAILED);
	memset(p, 'a', 5 * 4096);
	CHECK(mmap(p + 4096, 2 * 4096, prot, flags | MAP_FIXED, -1, 0) == p + 4096);
	say("%d %d %d %d %d", p[0], p[4096], p[2 * 4096], p[3 * 4096], p[5 * 4096 - 1]);
	CHECK(mmap(p + 4096, 4096, PROT_READ, flags | MAP_FIXED, -1, 0) == p + 4096);
	say("%d", p[4096]);
	SHOW(munmap(p, 5 * 4096));
	CHECK(mmap(p, 4096, prot, flags | MAP_FIXED, -1, 0) == p);
	return 0;
}
