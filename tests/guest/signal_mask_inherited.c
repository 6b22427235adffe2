// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A new thread starts with its creator's mask; pending thread signals are not inherited.
#include "t.h"

static void *body(void *arg)
{
	sigset_t now, pending;
	pthread_sigmask(SIG_BLOCK, NULL, &now);
	sigpending(&pending);
	SHOW(sigismember(&now, SIGUSR1));
	SHOW(sigismember(&now, SIGUSR2));
	SHOW(sigismember(&pending, SIGUSR1));
	stack_t ss;
	SHOW(sigaltstack(NULL, &ss));
	SHOW(ss.ss_flags == SS_DISABLE);
	return NULL;
}

int main(void)
{
	static char alt[32768];
	sigset_t set;
	sigaltstack(&(stack_t){ .ss_sp = alt, .ss_size = sizeof alt }, NULL);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_kill(pthread_self(), SIGUSR1);
	t_join(t_thread(body, NULL));
	return 0;
}
