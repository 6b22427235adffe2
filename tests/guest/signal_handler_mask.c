// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sa_mask blocks others while the handler runs; they come after it.
#include "t.h"

static void second(int sig) { say("second"); }

static void first(int sig)
{
	sigset_t now;
	say("first begins");
	raise(SIGUSR2);
	sigprocmask(SIG_BLOCK, NULL, &now);
	say("blocked: USR1 %d USR2 %d TERM %d", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2),
			sigismember(&now, SIGTERM));
	say("first ends");
}

int main(void)
{
	struct sigaction sa = { .sa_handler = first };
	sigset_t now;
	sigaddset(&sa.sa_mask, SIGUSR2);
	SHOW(sigaction(SIGUSR1, &sa, NULL));
	t_catch(SIGUSR2, second, 0);
	raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	say("blocked: USR1 %d USR2 %d", sigismember(&now, SIGUSR1), sigismember(&now, SIGUSR2));
	return 0;
}
