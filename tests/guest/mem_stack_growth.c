// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The main stack grows to several megabytes by deep recursion.
#include "t.h"

static unsigned __attribute__((noinline)) recurse(int depth)
{
	volatile unsigned char frame[4096];
	frame[0] = depth;
	frame[4095] = depth >> 8;
	if (depth == 0)
		return 0;
	unsigned below = recurse(depth - 1);
	return below + frame[0] + frame[4095];
}

int main(void)
{
	SHOW(recurse(1000));
	SHOW(recurse(1500));
	volatile char big[2 << 20];
	big[0] = 1;
	big[sizeof big - 1] = 2;
	SHOW(big[0] + big[sizeof big - 1]);
	return 0;
}
