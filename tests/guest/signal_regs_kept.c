// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// All general registers and flags are as before after a handler that used them.
#include "t.h"

static volatile int hits;

static void handler(int sig)
{
	hits++;
	__asm__ volatile("mov $-1, %%r8\n mov $-1, %%r9\n mov $-1, %%r10\n mov $-1, %%r11\n mov $-1, %%r12\n mov $-1, %%r13\n"
			 : : : "r8", "r9", "r10", "r11", "r12", "r13");
}

int main(void)
{
	uint64_t sum, carry;
	t_catch(SIGTRAP, handler, 0);
	__asm__ volatile("mov $1, %%r8\n mov $2, %%r9\n mov $3, %%r10\n mov $4, %%r11\n mov $5, %%r12\n mov $6, %%r13\n"
			 "mov $7, %%rsi\n mov $8, %%rdi\n stc\n int3\n setc %b1\n movzbq %b1, %1\n"
			 "lea (%%r8,%%r9), %0\n add %%r10, %0\n add %%r11, %0\n add %%r12, %0\n add %%r13, %0\n"
			 "add %%rsi, %0\n add %%rdi, %0"
			 : "=&a"(sum), "=&d"(carry) : : "r8", "r9", "r10", "r11", "r12", "r13", "rsi", "rdi");
	SHOW(sum);
	SHOW(carry);
	SHOW(hits);
	return 0;
}
