// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reservations far larger than any memory: at addresses of the program's choice, cut, used in places, and given back.
#include "t.h"

#define TB (1ull << 40)

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	char *p = mmap(NULL, 8 * TB, PROT_NONE, flags, -1, 0), *hint = (char *)0x4200000000, *q;

	CHECK(p != MAP_FAILED);
	q = mmap(hint, TB, PROT_NONE, flags, -1, 0); // as GHC's heap
	CHECK(q == hint);
	for (int i = 0; i < 64; i++) {
		char *at = p + i * (TB / 8) + 12345 * 4096;

		NEED(mprotect(at, 8192, PROT_READ | PROT_WRITE) == 0);
		at[4096] = (char)i;
		NEED(at[0] == 0);
	}
	for (int i = 0; i < 64; i++)
		NEED(p[i * (TB / 8) + 12346 * 4096] == i);
	CHECK(munmap(p + TB, 6 * TB) == 0);
	CHECK(p[12346 * 4096] == 0 && p[7 * TB + 12346 * 4096] == 56);
	CHECK(mmap(p + 2 * TB, 4096, PROT_READ, flags | MAP_FIXED_NOREPLACE, -1, 0) == p + 2 * TB);
	CHECK(madvise(p, TB, MADV_DONTNEED) == 0 && p[TB / 8 + 12346 * 4096] == 0);
	CHECK(munmap(p, 8 * TB) == 0 && munmap(q, TB) == 0);
	return 0;
}
