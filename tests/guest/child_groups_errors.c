// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Groups that cannot be joined.
//
// ERROR: yes
// LINK: static-pie
#include "child.h"

int main(int argc, char **argv)
{
	char *args[] = { "x", "again", NULL };
	int p[2], q[2];
	if (argc > 1) {
		t_put(20, 'e');
		return t_get(21);
	}
	NEED(pipe(p) == 0 && pipe(q) == 0 && dup2(p[1], 20) == 20 && dup2(q[0], 21) == 21);
	CHECK_ERR(setpgid(0, -1), EINVAL);
	CHECK_ERR(setpgid(0x7ffffff0, 0), ESRCH);
	CHECK_ERR(setpgid(getppid(), 0), ESRCH);
	CHECK_ERR(getpgid(0x7ffffff0), ESRCH);
	CHECK_ERR(getsid(0x7ffffff0), ESRCH);
	pid_t pid = FORK((execve(SELF, args, environ), 1));
	t_get(p[0]);
	CHECK_ERR(setpgid(pid, pid), EACCES);
	t_put(q[1], 8);
	t_reap("child", pid);
	pid = FORK((setsid(), t_put(p[1], 's'), t_get(q[0])));
	t_get(p[0]);
	CHECK_ERR(setpgid(pid, pid), EPERM);
	t_put(q[1], 9);
	t_reap("leader", pid);
	return 0;
}
