// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// setjmp and longjmp over several frames, with values.
#include "t.h"

static jmp_buf jump;

static void __attribute__((noinline)) deep(int n)
{
	if (n == 0)
		longjmp(jump, 5);
	deep(n - 1);
	say("not reached");
}

int main(void)
{
	volatile int count = 0;
	int value = setjmp(jump);
	say("value %d count %d", value, count);
	if (count++ == 0)
		deep(10);
	if (count < 3)
		longjmp(jump, 0);
	return 0;
}
