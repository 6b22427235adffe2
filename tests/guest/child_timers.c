// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What a child does not get: alarms, pending signals, CPU time.
#include "child.h"

int main(void)
{
	sigset_t set;
	sigemptyset(&set), sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	alarm(50);
	t_reap("child", FORK(({
		CHECK(alarm(0) == 0);
		sigpending(&set);
		CHECK(!sigismember(&set, SIGUSR1));
		alarm(1);
		struct itimerval it = { .it_value = { 0, 20000 } };
		setitimer(ITIMER_REAL, &it, NULL);
		pause();
		0;
	})));
	CHECK(alarm(0) > 40);
	sigpending(&set);
	CHECK(sigismember(&set, SIGUSR1));
	return 0;
}
