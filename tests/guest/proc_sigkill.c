// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SIGKILL to oneself: status 137, whatever is blocked.
//
// STATUS: 137
// ERROR: yes
#include "t.h"

int main(void)
{
	sigset_t set;
	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	say("killing");
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}
