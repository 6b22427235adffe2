// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SIGCHLD by a signalfd, and epoll.
#include "child.h"
#include <sys/epoll.h>
#include <sys/signalfd.h>

int main(void)
{
	struct signalfd_siginfo si;
	struct epoll_event e = { .events = EPOLLIN };
	sigset_t set;
	sigemptyset(&set), sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, 0), ep = epoll_create1(0);
	NEED(fd >= 0 && epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e) == 0);
	pid_t pid = FORK(44);
	SHOW(epoll_wait(ep, &e, 1, -1));
	NEED(read(fd, &si, sizeof si) == sizeof si);
	CHECK(si.ssi_signo == SIGCHLD && si.ssi_pid == (uint32_t)pid && si.ssi_status == 44);
	CHECK(si.ssi_code == CLD_EXITED);
	t_reap("child", pid);
	return 0;
}
