// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Privileged instructions are SIGSEGV, as on Linux.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static void handler(int sig) { siglongjmp(jump, sig); }

int main(void)
{
	t_catch(SIGSEGV, handler, 0);
	int sig = sigsetjmp(jump, 1);
	if (!sig)
		__asm__ volatile("hlt");
	SHOW(sig);
	sig = sigsetjmp(jump, 1);
	if (!sig)
		__asm__ volatile("cli");
	SHOW(sig);
	sig = sigsetjmp(jump, 1);
	if (!sig)
		__asm__ volatile("out %%al, $0x80" : : "a"(0));
	SHOW(sig);
	sig = sigsetjmp(jump, 1);
	if (!sig)
		__asm__ volatile("movq (%0), %%rax" : : "r"(0x8000000000000000ul) : "rax");
	SHOW(sig);
	return 0;
}
