// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// With SA_ONSTACK the handler runs on the alternate stack, and SS_ONSTACK shows while it does.
#include "t.h"

static char stack[32768];

static void handler(int sig)
{
	char local;
	stack_t now;
	SHOW(&local >= stack && &local < stack + sizeof stack);
	SHOW(sigaltstack(NULL, &now));
	SHOW(now.ss_flags);
	CHECK_ERR(sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL), EPERM);
}

int main(void)
{
	stack_t ss = { .ss_sp = stack, .ss_size = sizeof stack }, old;
	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_flags);
	SHOW(sigaltstack(&ss, NULL));
	t_catch(SIGUSR1, handler, SA_ONSTACK);
	raise(SIGUSR1);
	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_flags);
	CHECK(old.ss_sp == stack && old.ss_size == sizeof stack);
	ss.ss_flags = SS_DISABLE;
	SHOW(sigaltstack(&ss, NULL));
	SHOW(sigaltstack(NULL, &old));
	SHOW(old.ss_flags);
	return 0;
}
