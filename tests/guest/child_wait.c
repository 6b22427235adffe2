// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// wait4 and waitid: by pid, by group, without waiting, without taking.
#include "child.h"

int main(void)
{
	siginfo_t si;
	int p[2], q[2], status;
	struct rusage ru;
	NEED(pipe(p) == 0 && pipe(q) == 0);
	pid_t a = FORK(t_get(p[0])), b = FORK((setpgid(0, 0), t_put(q[1], 'r'), t_get(p[0])));
	t_get(q[0]);
	SHOW(waitpid(-1, &status, WNOHANG));
	memset(&si, 1, sizeof si);
	SHOW(waitid(P_ALL, 0, &si, WEXITED | WNOHANG));
	CHECK(si.si_signo == 0 && si.si_pid == 0);
	t_put(p[1], 11);
	t_put(p[1], 11);
	CHECK(waitid(P_PID, (id_t)a, &si, WEXITED | WNOWAIT) == 0);
	CHECK(si.si_signo == SIGCHLD && si.si_code == CLD_EXITED && si.si_status == 11 && si.si_pid == a);
	CHECK(si.si_uid == getuid());
	CHECK(waitid(P_PID, (id_t)a, &si, WEXITED) == 0);
	CHECK_ERR(waitid(P_PID, (id_t)a, &si, WEXITED), ECHILD);
	CHECK_ERR(waitpid(0, &status, 0), ECHILD);
	CHECK(wait4(-b, &status, 0, &ru) == b);
	t_status("b", status);
	CHECK_ERR(waitpid(-1, &status, 0), ECHILD);
	a = FORK((raise(SIGKILL), 1));
	CHECK(waitid(P_ALL, 0, &si, WEXITED) == 0);
	CHECK(si.si_pid == a && si.si_code == CLD_KILLED && si.si_status == SIGKILL);
	CHECK(waitpid(FORK(300), NULL, 0) > 0);
	return 0;
}
