// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// 24 MiB in large blocks, written, read and given back, twice.
#include "t.h"

int main(void)
{
	for (int round = 0; round < 2; round++) {
		unsigned long sum = 0;
		unsigned char *block[3];
		for (int i = 0; i < 3; i++) {
			block[i] = malloc(8 << 20);
			NEED(block[i]);
			for (size_t at = 0; at < 8 << 20; at += 4096)
				block[i][at] = i + 1;
		}
		for (int i = 0; i < 3; i++) {
			for (size_t at = 0; at < 8 << 20; at += 4096)
				sum += block[i][at];
			free(block[i]);
		}
		SHOW(sum);
	}
	return 0;
}
