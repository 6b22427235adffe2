// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// setitimer's alarm arrives; alarm answers what was left and is cancelled by 0.
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	struct itimerval it = { .it_value = { 0, 20000 } };
	sigset_t open_mask, block;
	sigemptyset(&open_mask);
	sigemptyset(&block);
	sigaddset(&block, SIGALRM);
	sigprocmask(SIG_BLOCK, &block, NULL);
	t_catch(SIGALRM, handler, 0);
	SHOW(setitimer(ITIMER_REAL, &it, NULL));
	while (!hits)
		sigsuspend(&open_mask);
	SHOW(hits);
	SHOW(alarm(100));
	SHOW(alarm(50));
	SHOW(alarm(0));
	SHOW(alarm(0));
	return 0;
}
