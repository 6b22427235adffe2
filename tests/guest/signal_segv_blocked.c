// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A fault whose signal is blocked ends the program: there is no way on.
//
// STATUS: 139
// ERROR: yes
#include "t.h"

static void handler(int sig) { say("not reached"); _exit(1); }

int main(void)
{
	sigset_t set;
	sigfillset(&set);
	t_catch(SIGSEGV, handler, 0);
	sigprocmask(SIG_BLOCK, &set, NULL);
	say("faulting");
	*(volatile int *)BAD_PTR = 1;
	say("not reached");
	return 0;
}
