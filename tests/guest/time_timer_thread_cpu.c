// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A timer on a thread's own CPU clock runs while that thread computes, and not while it sleeps.
#include "t.h"

static volatile sig_atomic_t fired;

static void on_alarm(int sig)
{
	fired++;
}

int main(void)
{
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct itimerspec at = { .it_value.tv_nsec = 30000000 }, left;
	clockid_t mine;
	timer_t id;

	signal(SIGALRM, on_alarm);
	NEED(!pthread_getcpuclockid(pthread_self(), &mine));
	CHECK(!timer_create(mine, &e, &id));
	CHECK(!timer_settime(id, 0, &at, NULL));
	usleep(50000);
	CHECK(!fired);
	CHECK(!timer_gettime(id, &left));
	CHECK(left.it_value.tv_nsec > 0);
	while (!fired)
		;
	CHECK(!timer_gettime(id, &left));
	CHECK(!left.it_value.tv_sec && !left.it_value.tv_nsec);
	CHECK(!timer_delete(id));
	CHECK(!timer_create(CLOCK_THREAD_CPUTIME_ID, &e, &id));
	CHECK(!timer_delete(id));
	return 0;
}
