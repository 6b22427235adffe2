// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sigwaitinfo and sigwait wait for a signal from another thread.
#include "t.h"

static void *sender(void *arg)
{
	t_sleep_ms(10);
	sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 77 });
	t_sleep_ms(10);
	kill(getpid(), SIGUSR2);
	return NULL;
}

int main(void)
{
	sigset_t set;
	siginfo_t si;
	int sig = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_t thread = t_thread(sender, NULL);
	SHOW(sigwaitinfo(&set, &si));
	say("code %d value %d", si.si_code, si.si_value.sival_int);
	SHOW(sigwait(&set, &sig));
	SHOW(sig);
	t_join(thread);
	return 0;
}
