// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A new descriptor always takes the lowest free number.
#include "t.h"

int main(void)
{
	int p[2];
	for (int i = 0; i < 5; i++)
		SHOW(open("/dev/null", O_RDONLY));
	SHOW(close(4));
	SHOW(close(6));
	SHOW(open("/dev/null", O_RDONLY));
	NEED(pipe(p) == 0);
	SHOW(p[0]);
	SHOW(p[1]);
	SHOW(close(0));
	SHOW(dup(3));
	return 0;
}
