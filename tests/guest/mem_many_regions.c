// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Twenty thousand mappings with different neighbours: made, found, changed and taken away.
#include "t.h"

#define N 20000

int main(void)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	char *base = mmap(NULL, (size_t)N * 8192, PROT_NONE, flags, -1, 0);
	long sum = 0;

	CHECK(base != MAP_FAILED);
	for (int i = 0; i < N; i++)
		NEED(mprotect(base + (size_t)i * 8192, 4096, PROT_READ | PROT_WRITE) == 0);
	for (int i = 0; i < N; i += 10)
		base[(size_t)i * 8192] = 1;
	for (int i = 0; i < N; i++)
		sum += base[(size_t)i * 8192];
	say("sum %ld", sum);
	for (int i = 1; i < N; i += 2)
		NEED(munmap(base + (size_t)i * 8192, 4096) == 0);
	for (int i = 1; i < N; i += 2)
		NEED(mmap(base + (size_t)i * 8192, 4096, PROT_READ, flags | MAP_FIXED_NOREPLACE, -1, 0) == base + (size_t)i * 8192);
	CHECK(mprotect(base, (size_t)N * 8192, PROT_READ) == 0);
	sum = 0;
	for (int i = 0; i < N; i++)
		sum += base[(size_t)i * 8192];
	say("sum %ld", sum);
	CHECK(munmap(base, (size_t)N * 8192) == 0);
	return 0;
}
