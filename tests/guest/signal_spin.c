// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A signal reaches a thread that spins and never enters the system.
#include "t.h"

static volatile int hit;
static void handler(int sig) { hit = 1; }

int main(void)
{
	struct itimerval it = { .it_value = { 0, 10000 } };
	t_catch(SIGALRM, handler, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	while (!hit)
		;
	say("the loop was interrupted");
	return 0;
}
