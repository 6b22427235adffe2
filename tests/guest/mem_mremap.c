// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Shrinking frees the tail; growing keeps the contents and adds zeroes, in place or moved.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 8 * 4096, prot, flags, -1, 0);
	CHECK(p != MAP_FAILED);
	for (int i = 0; i < 8; i++)
		p[i * 4096] = i + 1;
	CHECK(mremap(p, 8 * 4096, 4 * 4096, 0) == p);
	CHECK(mremap(p, 4 * 4096, 6 * 4096, 0) == p);
	say("%d %d %d", p[3 * 4096], p[4 * 4096], p[5 * 4096]);
	char *wall = mmap(p + 6 * 4096, 4096, prot, flags | MAP_FIXED, -1, 0);
	CHECK(wall == p + 6 * 4096);
	char *q = mremap(p, 6 * 4096, 600 * 4096, MREMAP_MAYMOVE);
	CHECK(q != MAP_FAILED && q != p);
	say("%d %d %d %d", q[0], q[4096], q[3 * 4096], q[599 * 4096]);
	CHECK(mmap(p, 4096, prot, flags | 0x100000 /* MAP_FIXED_NOREPLACE */, -1, 0) == p);
	SHOW(p[0]);
	return 0;
}
