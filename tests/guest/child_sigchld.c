// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What SIGCHLD tells, and that it interrupts.
#include "child.h"

static volatile sig_atomic_t count, code, status, sender;

static void on_child(int sig, siginfo_t *si, void *context)
{
	(void)sig, (void)context;
	count++, code = si->si_code, status = si->si_status, sender = si->si_pid;
}

int main(void)
{
	sigset_t block, none;
	t_catch_info(SIGCHLD, on_child, 0);
	sigemptyset(&block), sigemptyset(&none), sigaddset(&block, SIGCHLD);
	sigprocmask(SIG_BLOCK, &block, NULL);
	pid_t pid = FORK(33);
	CHECK_ERR(sigsuspend(&none), EINTR);
	CHECK(sender == pid && count == 1);
	say("code %d status %d", code, status);
	t_reap("first", pid);
	pid = FORK((pause(), 0));
	kill(pid, SIGTERM);
	CHECK_ERR(sigsuspend(&none), EINTR);
	CHECK(sender == pid && count == 2);
	say("code %d status %d", code, status);
	t_reap("second", pid);
	return 0;
}
