// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The context shows the registers as they were at the fault, and restores what the handler writes.
//
// ERROR: yes
#include "t.h"
#include <ucontext.h>

static uint64_t seen[4];

static void handler(int sig, siginfo_t *si, void *ctx)
{
	greg_t *r = ((ucontext_t *)ctx)->uc_mcontext.gregs;
	seen[0] = r[REG_R8];
	seen[1] = r[REG_R15];
	seen[2] = r[REG_RDI];
	seen[3] = r[REG_ERR];
	r[REG_R8]++;
	r[REG_R15]++;
	r[REG_RIP] += 2;
}

int main(void)
{
	uint64_t r8, r15;
	t_catch_info(SIGSEGV, handler, 0);
	__asm__ volatile("mov $801, %%r8\n mov $1501, %%r15\n mov $8, %%rdi\n .byte 0x88, 0x07\n" // mov %al,(%rdi)
			 "mov %%r8, %0\n mov %%r15, %1" : "=&a"(r8), "=&d"(r15) : : "r8", "r15", "rdi", "memory");
	SHOW(seen[0]);
	SHOW(seen[1]);
	SHOW(seen[2]);
	SHOW(seen[3]);
	SHOW(r8);
	SHOW(r15);
	return 0;
}
