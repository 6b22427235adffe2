// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Real-time signals queue, lowest number first, each in the order sent, with their values.
#include "t.h"

static void handler(int sig, siginfo_t *si, void *ctx)
{
	say("RTMIN+%d value %d", sig - SIGRTMIN, si->si_value.sival_int);
}

int main(void)
{
	sigset_t set;
	sigemptyset(&set);
	for (int i = 0; i < 3; i++) {
		struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
		sigfillset(&sa.sa_mask);
		NEED(sigaction(SIGRTMIN + i, &sa, NULL) == 0);
		sigaddset(&set, SIGRTMIN + i);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (int i = 0; i < 9; i++)
		NEED(sigqueue(getpid(), SIGRTMIN + 2 - i % 3, (union sigval){ .sival_int = i }) == 0);
	siginfo_t si;
	SHOW(sigwaitinfo(&set, &si) - SIGRTMIN);
	SHOW(si.si_value.sival_int);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	return 0;
}
