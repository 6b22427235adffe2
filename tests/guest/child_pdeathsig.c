// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// PR_SET_PDEATHSIG: the end of the parent is a signal.
#include "child.h"

int main(void)
{
	int p[2], up[2];
	NEED(pipe(p) == 0 && pipe(up) == 0);
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	pid_t pid = FORK(({
		FORK(({
			prctl(PR_SET_PDEATHSIG, SIGUSR1);
			t_put(up[1], 'r');
			pause();
			0;
		}));
		t_get(p[0]);
	}));
	t_get(up[0]);
	t_put(p[1], 5);
	t_reap("child", pid);
	int status;
	CHECK(wait(&status) > 0);
	t_status("grandchild", status);
	return 0;
}
