// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Two hundred kilobytes of output arrive whole and in order.
#include "t.h"

int main(void)
{
	for (int i = 0; i < 4000; i++)
		printf("%07d the quick brown fox jumps over the lazy dog\n", i);
	return fflush(stdout);
}
