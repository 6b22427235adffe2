// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A handler edits RIP and a register: the program goes on there, with that value.
//
// ERROR: yes
#include "t.h"
#include <ucontext.h>

static void handler(int sig, siginfo_t *si, void *ctx)
{
	ucontext_t *uc = ctx;
	uc->uc_mcontext.gregs[REG_RIP] = uc->uc_mcontext.gregs[REG_RBX];
	uc->uc_mcontext.gregs[REG_RAX] = 4711;
}

int main(void)
{
	long value = 0;
	t_catch_info(SIGSEGV, handler, 0);
	__asm__ volatile("lea 1f(%%rip), %%rbx\n xor %%eax, %%eax\n movq $1, 8\n mov $-1, %%rax\n 1: mov %%rax, %0"
			 : "=r"(value) : : "rax", "rbx", "memory");
	SHOW(value);
	return 0;
}
