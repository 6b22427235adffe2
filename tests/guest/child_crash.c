// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A fault ends the child that makes it, and nobody else; and a child can catch its own.
//
// ERROR: yes
#include "child.h"

static sigjmp_buf back;
static void jump(int sig) { siglongjmp(back, sig); }

int main(void)
{
	struct rlimit none = { 0, 0 };
	setrlimit(RLIMIT_CORE, &none);
	t_reap("null", FORK(*(volatile int *)BAD_PTR));
	t_reap("abort", FORK((abort(), 0)));
	t_reap("illegal", FORK(({ __asm__ volatile("ud2"); 0; })));
	t_reap("caught", FORK(({
		t_catch(SIGSEGV, jump, 0);
		int sig = sigsetjmp(back, 1);
		if (!sig)
			*(volatile int *)BAD_PTR = 1;
		sig;
	})));
	return 0;
}
