// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// 64 GiB and 1 TiB of address space cost nothing; pages in it can be used one by one.
#include "t.h"

int main(void)
{
	size_t size = 64ul << 30;
	char *p = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(p != MAP_FAILED);
	for (size_t at = 0; at < size; at += 8ul << 30) {
		NEED(mprotect(p + at, 4096, PROT_READ | PROT_WRITE) == 0);
		p[at] = at >> 33;
	}
	int sum = 0;
	for (size_t at = 0; at < size; at += 8ul << 30)
		sum += p[at];
	SHOW(sum);
	SHOW(munmap(p, size));
	p = mmap(NULL, 1ul << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK(p != MAP_FAILED);
	SHOW(munmap(p, 1ul << 40));
	return 0;
}
