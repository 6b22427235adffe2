// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A hint is taken where the address is free, and passed over where it is not.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *want = (char *)0x300000000000ul;
	char *p = mmap(want, 4096, prot, flags, -1, 0);
	CHECK(p == want);
	char *q = mmap(want, 4096, prot, flags, -1, 0);
	CHECK(q != MAP_FAILED && q != want);
	char *r = mmap(want + 0x100001, 4096, prot, flags, -1, 0);
	CHECK(r != MAP_FAILED && ((uintptr_t)r & 4095) == 0);
	p[0] = q[0] = r[0] = 1;
	SHOW(munmap(p, 4096));
	CHECK(mmap(want, 4096, prot, flags, -1, 0) == want);
	SHOW(want[0]);
	return 0;
}
