// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A child that loses its parent gets the nearest subreaper as its parent.
#include "child.h"

int main(void)
{
	int p[2], up[2];
	NEED(pipe(p) == 0 && pipe(up) == 0);
	CHECK(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
	int on = 0;
	CHECK(prctl(PR_GET_CHILD_SUBREAPER, &on) == 0 && on == 1);
	pid_t me = getpid(), pid = FORK(({
		prctl(PR_GET_CHILD_SUBREAPER, &on);
		FORK((t_get(p[0]), getppid() == me ? 21 : 22));
		on;
	}));
	t_reap("child", pid);
	t_put(p[1], 1);
	int status;
	pid_t grandchild = wait(&status);
	CHECK(grandchild > 0 && grandchild != pid);
	t_status("grandchild", status);
	CHECK_ERR(wait(&status), ECHILD);
	return 0;
}
