// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// No system call touches the red zone, nor any register but rax, rcx and r11; many times, so that
// a call site that is rewritten when hot is seen too.
#include "t.h"

int main(void)
{
	uint64_t sum, regs;
	int wrong = 0;
	for (int i = 0; i < 1000; i++) {
		__asm__ volatile("movq $1, -8(%%rsp)\n movq $2, -16(%%rsp)\n movq $3, -128(%%rsp)\n"
				 "mov $5, %%rbx\n mov $6, %%rdx\n mov $7, %%rsi\n mov $8, %%rdi\n mov $9, %%r8\n mov $10, %%r9\n"
				 "mov $11, %%r10\n mov $12, %%r12\n mov $13, %%r13\n mov $14, %%r14\n mov $15, %%r15\n"
				 "mov $110, %%eax\n syscall\n" // getppid
				 "lea (%%rbx,%%rdx), %1\n add %%rsi, %1\n add %%rdi, %1\n add %%r8, %1\n add %%r9, %1\n"
				 "add %%r10, %1\n add %%r12, %1\n add %%r13, %1\n add %%r14, %1\n add %%r15, %1\n"
				 "mov -8(%%rsp), %0\n add -16(%%rsp), %0\n add -128(%%rsp), %0"
				 : "=&a"(sum), "=&c"(regs)
				 : : "rbx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
				 		"memory");
		wrong += sum != 6 || regs != 5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14 + 15;
	}
	SHOW(wrong);
	return 0;
}
