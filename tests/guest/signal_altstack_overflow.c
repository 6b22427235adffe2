// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A stack that ran over is survived on the alternate stack.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static char alt[65536];
static void handler(int sig) { siglongjmp(jump, 1); }

static unsigned __attribute__((noinline)) recurse(unsigned depth)
{
	volatile char frame[512];
	frame[0] = depth;
	return frame[0] + recurse(depth + 1) + frame[0];
}

int main(void)
{
	struct rlimit limit = { 1 << 20, 1 << 20 };
	stack_t ss = { .ss_sp = alt, .ss_size = sizeof alt };
	getrlimit(RLIMIT_STACK, &limit);
	limit.rlim_cur = 1 << 20;
	NEED(setrlimit(RLIMIT_STACK, &limit) == 0);
	SHOW(sigaltstack(&ss, NULL));
	t_catch(SIGSEGV, handler, SA_ONSTACK);
	for (volatile int i = 0; i < 2; i++) {
		if (sigsetjmp(jump, 1) == 0)
			recurse(0);
		say("survived");
	}
	return 0;
}
