// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A handler runs with its signal's number and, after it, the program goes on.
//
// LINK: static-pie
#include "t.h"

static volatile int seen;
static void handler(int sig) { seen = sig; }

int main(void)
{
	struct sigaction old;
	t_catch(SIGUSR1, handler, SA_RESTART);
	SHOW(raise(SIGUSR1));
	SHOW(seen);
	SHOW(sigaction(SIGUSR1, NULL, &old));
	CHECK(old.sa_handler == handler);
	CHECK(old.sa_flags & SA_RESTART);
	SHOW(signal(SIGUSR1, SIG_IGN) == handler);
	seen = 0;
	SHOW(raise(SIGUSR1));
	SHOW(seen);
	SHOW(signal(SIGUSR1, SIG_DFL) == SIG_IGN);
	SHOW(signal(SIGCHLD, SIG_DFL) == SIG_DFL);
	SHOW(raise(SIGCHLD));
	SHOW(raise(SIGURG));
	return 0;
}
