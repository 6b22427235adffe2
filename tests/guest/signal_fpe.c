// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Integer division by zero: SIGFPE with FPE_INTDIV and the instruction's address.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static volatile int code;
static void *volatile addr;
static uint64_t rip;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	code = si->si_code;
	addr = si->si_addr;
	siglongjmp(jump, sig);
}

int main(void)
{
	t_catch_info(SIGFPE, handler, 0);
	for (volatile int i = 0; i < 3; i++) {
		int sig = sigsetjmp(jump, 1);
		if (sig) {
			say("signal %d", sig);
			continue;
		}
		__asm__ volatile("lea 1f(%%rip), %%rax\n mov %%rax, %0\n xor %%edx, %%edx\n mov $1, %%eax\n xor %%ecx, %%ecx\n"
				 "1: div %%ecx" : "=m"(rip) : : "rax", "rcx", "rdx");
	}
	SHOW(code == FPE_INTDIV);
	CHECK((uint64_t)addr == rip);
	return 0;
}
