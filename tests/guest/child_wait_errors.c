// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Waiting for what is not there, and with what is not allowed.
//
// ERROR: yes
#include "child.h"

int main(void)
{
	siginfo_t si;
	int status, p[2];
	CHECK_ERR(waitpid(-1, &status, 0x100), EINVAL);
	CHECK_ERR(waitpid(getpid(), &status, 0), ECHILD);
	CHECK_ERR(waitpid(1, &status, 0), ECHILD);
	CHECK_ERR(waitpid(-0x7ffffff0, &status, 0), ECHILD);
	CHECK_ERR(waitid(P_ALL, 0, &si, 0), EINVAL);
	CHECK_ERR(waitid(P_ALL, 0, &si, WNOHANG), EINVAL);
	CHECK_ERR(waitid(P_PID, 0, &si, WEXITED), EINVAL);
	CHECK_ERR(waitid(9, 1, &si, WEXITED), EINVAL);
	CHECK_ERR(waitid(P_ALL, 0, &si, WEXITED), ECHILD);
	NEED(pipe(p) == 0);
	pid_t pid = FORK(t_get(p[0]));
	CHECK_ERR(waitpid(-pid, &status, WNOHANG), ECHILD);
	CHECK_ERR(kill(-pid, 0), ESRCH);
	t_put(p[1], 0);
	CHECK_ERR(waitpid(pid, BAD_PTR, 0), EFAULT);
	CHECK_ERR(waitpid(pid, &status, 0), ECHILD);
	CHECK_ERR(kill(pid, 0), ESRCH);
	return 0;
}
