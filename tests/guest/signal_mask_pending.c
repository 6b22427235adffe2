// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A blocked signal waits, shows as pending, and comes once unblocked.
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	sigset_t set, old, pending;
	t_catch(SIGUSR1, handler, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	SHOW(sigprocmask(SIG_BLOCK, &set, &old));
	SHOW(sigismember(&old, SIGUSR1));
	SHOW(raise(SIGUSR1));
	SHOW(raise(SIGUSR1));
	SHOW(hits);
	SHOW(sigpending(&pending));
	SHOW(sigismember(&pending, SIGUSR1));
	SHOW(sigismember(&pending, SIGUSR2));
	SHOW(sigprocmask(SIG_UNBLOCK, &set, NULL));
	SHOW(hits);
	SHOW(sigpending(&pending));
	SHOW(sigismember(&pending, SIGUSR1));
	NEED(sigprocmask(SIG_BLOCK, &set, NULL) == 0 && raise(SIGUSR1) == 0);
	signal(SIGUSR1, SIG_IGN);
	SHOW(sigpending(&pending));
	SHOW(sigismember(&pending, SIGUSR1));
	return 0;
}
