// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a handler learns of who sent: kill, raise, sigqueue.
#include "t.h"

static void handler(int sig, siginfo_t *si, void *ctx)
{
	say("signo %d code %d own pid %d", si->si_signo, si->si_code, si->si_pid == getpid());
	if (si->si_code == SI_QUEUE)
		say("value %d", si->si_value.sival_int);
}

int main(void)
{
	t_catch_info(SIGUSR1, handler, 0);
	SHOW(kill(getpid(), SIGUSR1));
	SHOW(raise(SIGUSR1));
	SHOW(sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 1234 }));
	SHOW(pthread_kill(pthread_self(), SIGUSR1));
	SHOW(kill(0, 0));
	return 0;
}
