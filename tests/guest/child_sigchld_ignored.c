// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Children of a parent that ignores SIGCHLD leave nothing to wait for.
//
// ERROR: yes
#include "child.h"

int main(void)
{
	signal(SIGCHLD, SIG_IGN);
	FORK(1);
	FORK(2);
	CHECK_ERR(wait(NULL), ECHILD);
	struct sigaction sa = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };
	sigaction(SIGCHLD, &sa, NULL);
	pid_t pid = FORK(3);
	CHECK_ERR(waitpid(pid, NULL, 0), ECHILD);
	signal(SIGCHLD, SIG_DFL);
	t_reap("kept", FORK(4));
	return 0;
}
