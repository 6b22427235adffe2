// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pidfd: opened, polled, waited for and signalled.
#include "child.h"
#ifndef P_PIDFD
#define P_PIDFD 3
#endif

int main(void)
{
	siginfo_t si;
	pid_t pid = FORK((pause(), 0));
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);
	struct pollfd p = { fd, POLLIN, 0 };
	CHECK(fd >= 0);
	CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
	SHOW(poll(&p, 1, 0));
	SHOW(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0));
	SHOW(syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0));
	SHOW(poll(&p, 1, -1));
	CHECK(p.revents == POLLIN);
	CHECK(waitid(P_PIDFD, (id_t)fd, &si, WEXITED) == 0);
	CHECK(si.si_pid == pid && si.si_code == CLD_KILLED && si.si_status == SIGTERM);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0), ESRCH);
	return 0;
}
