// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MREMAP_FIXED moves to an address and replaces what is there.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 2 * 4096, prot, flags, -1, 0), *q = mmap(NULL, 4 * 4096, prot, flags, -1, 0);
	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	memset(p, 'p', 2 * 4096);
	memset(q, 'q', 4 * 4096);
	CHECK(mremap(p, 2 * 4096, 2 * 4096, MREMAP_MAYMOVE | MREMAP_FIXED, q + 4096) == q + 4096);
	say("%c%c%c%c", q[0], q[4096], q[2 * 4096], q[3 * 4096]);
	CHECK(mmap(p, 2 * 4096, prot, flags | 0x100000, -1, 0) == p);
	SHOW(p[0] + p[4096]);
	return 0;
}
