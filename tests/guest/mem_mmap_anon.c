// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Anonymous memory is zero, writable and page-aligned.
#include "t.h"

int main(void)
{
	size_t size = 3 << 20;
	unsigned char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	CHECK(((uintptr_t)p & 4095) == 0);
	unsigned sum = 0;
	for (size_t i = 0; i < size; i += 64)
		sum += p[i];
	SHOW(sum);
	for (size_t i = 0; i < size; i += 4096)
		p[i] = i >> 12;
	for (size_t i = 0; i < size; i += 4096)
		sum += p[i];
	SHOW(sum);
	SHOW(munmap(p, size));
	p = mmap(NULL, 100, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	SHOW(p[4095]);
	SHOW(munmap(p, 1));
	return 0;
}
