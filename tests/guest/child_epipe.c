// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nobody reads any more because the process that did has ended.
//
// ERROR: yes
#include "child.h"

int main(void)
{
	int p[2];
	NEED(pipe(p) == 0);
	signal(SIGPIPE, SIG_IGN);
	pid_t pid = FORK((close(p[1]), t_get(p[0])));
	close(p[0]);
	t_put(p[1], 7);
	t_reap("reader", pid);
	CHECK_ERR(write(p[1], "x", 1), EPIPE);
	signal(SIGPIPE, SIG_DFL);
	pid = FORK((write(p[1], "x", 1), 1));
	t_reap("writer", pid);
	return 0;
}
