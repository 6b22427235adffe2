// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MAP_32BIT and hints: low addresses where they are asked for, other places where something is already.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *seen[20], *hint = (char *)0x123400000, *p;

	for (int i = 0; i < 20; i++) {
		seen[i] = mmap(NULL, 1 << 20, prot, flags | MAP_32BIT, -1, 0);
		NEED(seen[i] != MAP_FAILED && (uintptr_t)seen[i] + (1 << 20) <= 1ull << 31);
		seen[i][0] = (char)i;
	}
	for (int i = 0; i < 20; i++)
		NEED(seen[i][0] == i && munmap(seen[i], 1 << 20) == 0);
	CHECK(mmap(hint, 8192, prot, flags, -1, 0) == hint);
	p = mmap(hint, 8192, prot, flags, -1, 0);
	CHECK(p != MAP_FAILED && p != hint);
	CHECK(mmap(hint + 8192 + 100, 4096, prot, flags, -1, 0) == hint + 8192);
	CHECK(mmap(hint - 4096, 8192, prot, flags, -1, 0) != hint - 4096);
	CHECK(mmap(hint, 4096, PROT_READ, flags | MAP_FIXED, -1, 0) == hint);
	CHECK_ERR(mmap(hint, 8192, prot, flags | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	CHECK_ERR(mmap(hint, 1ull << 40, prot, flags | MAP_32BIT, -1, 0), ENOMEM);
	return 0;
}
