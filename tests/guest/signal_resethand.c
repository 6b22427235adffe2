// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SA_RESETHAND: the second signal takes the default and ends the program.
//
// STATUS: 138
// ERROR: yes
#include "t.h"

static void handler(int sig) { say("once"); }

int main(void)
{
	t_catch(SIGUSR1, handler, SA_RESETHAND);
	raise(SIGUSR1);
	struct sigaction now;
	sigaction(SIGUSR1, NULL, &now);
	CHECK(now.sa_handler == SIG_DFL);
	raise(SIGUSR1);
	say("not reached");
	return 0;
}
