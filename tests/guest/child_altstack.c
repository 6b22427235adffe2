// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A child of fork has the alternate stack of the thread that forked, and handlers run on it.
#include "child.h"

static char stack[65536];
static volatile int on;

static void handler(int sig)
{
	char here;
	on = &here >= stack && &here < stack + sizeof stack;
	(void)sig;
}

int main(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof stack }, now;
	NEED(sigaltstack(&ss, NULL) == 0);
	t_catch(SIGUSR1, handler, SA_ONSTACK);
	t_reap("child", FORK(({
		NEED(sigaltstack(NULL, &now) == 0);
		CHECK(now.ss_sp == stack && now.ss_flags == 0);
		raise(SIGUSR1);
		on ? 5 : 6;
	})));
	return 0;
}
