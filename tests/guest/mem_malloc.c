// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// malloc, realloc, calloc and aligned_alloc over a mix of sizes keep their contents.
#include "t.h"

int main(void)
{
	unsigned char *block[200];
	unsigned x = 1;
	size_t size[200];
	for (int i = 0; i < 200; i++) {
		x = x * 1103515245 + 12345;
		size[i] = 1 + (x >> 8) % (i % 10 ? 3000 : 300000);
		block[i] = malloc(size[i]);
		NEED(block[i]);
		memset(block[i], i, size[i]);
	}
	for (int i = 0; i < 200; i += 2) {
		block[i] = realloc(block[i], size[i] * 2);
		NEED(block[i]);
	}
	for (int i = 0; i < 200; i++)
		NEED(block[i][0] == i && block[i][size[i] - 1] == i);
	for (int i = 0; i < 200; i++)
		free(block[i]);
	unsigned char *zero = calloc(1000, 1000);
	NEED(zero);
	SHOW(zero[0] + zero[999999]);
	void *aligned = aligned_alloc(65536, 131072);
	CHECK(aligned && (uintptr_t)aligned % 65536 == 0);
	return 0;
}
