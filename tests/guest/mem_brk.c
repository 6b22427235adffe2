// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// brk grows with zeroes, shrinks, and answers the old break when refused.
#include "t.h"

int main(void)
{
	char *start = (char *)syscall(SYS_brk, 0);
	CHECK(start != NULL);
	CHECK((char *)syscall(SYS_brk, start + 100000) == start + 100000);
	int sum = 0;
	for (int i = 0; i < 100000; i++)
		sum += start[i];
	SHOW(sum);
	memset(start, 7, 100000);
	CHECK((char *)syscall(SYS_brk, start + 50000) == start + 50000);
	SHOW(start[49999]);
	CHECK((char *)syscall(SYS_brk, start + 100000) == start + 100000);
	SHOW(start[99999]);
	CHECK((char *)syscall(SYS_brk, 16) == start + 100000);
	CHECK((char *)syscall(SYS_brk, -4096l) == start + 100000);
	return 0;
}
