// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A POSIX timer sends its signal with its value; it can be read, disarmed and deleted.
#include "t.h"

static volatile int hits, value, code;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	hits++;
	value = si->si_value.sival_int;
	code = si->si_code;
}

int main(void)
{
	timer_t timer;
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGRTMIN,
			.sigev_value.sival_int = 55 };
	struct itimerspec it = { { 0, 5000000 }, { 0, 5000000 } }, now, off = { 0 };
	t_catch_info(SIGRTMIN, handler, 0);
	SHOW(timer_create(CLOCK_MONOTONIC, &ev, &timer));
	SHOW(timer_settime(timer, 0, &it, NULL));
	while (hits < 3)
		pause();
	SHOW(value);
	SHOW(code == SI_TIMER);
	SHOW(timer_gettime(timer, &now));
	SHOW(now.it_interval.tv_nsec);
	SHOW(timer_settime(timer, 0, &off, NULL));
	int was = hits;
	t_sleep_ms(15);
	SHOW(hits - was);
	SHOW(timer_delete(timer));
	return 0;
}
