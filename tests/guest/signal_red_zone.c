// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The 128 bytes under the stack pointer are the program's: no signal writes there.
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	uint64_t sum;
	t_catch(SIGTRAP, handler, 0);
	for (int i = 0; i < 10; i++)
		__asm__ volatile("movq $11, -8(%%rsp)\n movq $22, -64(%%rsp)\n movq $33, -128(%%rsp)\n int3\n"
				 "mov -8(%%rsp), %0\n add -64(%%rsp), %0\n add -128(%%rsp), %0"
				 : "=&r"(sum) : : "memory");
	SHOW(sum);
	SHOW(hits);
	return 0;
}
