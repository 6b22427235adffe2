// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A periodic real timer fires again and again, and getitimer shows what is left.
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	struct itimerval it = { { 0, 5000 }, { 0, 10000 } }, now, off = { 0 }, old;
	t_catch(SIGALRM, handler, 0);
	SHOW(setitimer(ITIMER_REAL, &it, &old));
	SHOW(old.it_value.tv_sec + old.it_value.tv_usec);
	SHOW(getitimer(ITIMER_REAL, &now));
	SHOW(now.it_interval.tv_usec);
	CHECK(now.it_value.tv_sec == 0 && now.it_value.tv_usec <= 10000);
	while (hits < 4)
		pause();
	SHOW(setitimer(ITIMER_REAL, &off, NULL));
	int was = hits;
	t_sleep_ms(20);
	SHOW(hits - was);
	SHOW(getitimer(ITIMER_REAL, &now));
	SHOW(now.it_value.tv_usec);
	return 0;
}
