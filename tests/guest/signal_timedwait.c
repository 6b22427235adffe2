// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sigtimedwait takes a blocked signal without a handler, and EAGAIN when its time is up.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	sigset_t set;
	siginfo_t si;
	struct timespec ts = { 0, 10000000 }, none = { 0, 0 }, bad = { 0, -1 };
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	CHECK_ERR(sigtimedwait(&set, &si, &ts), EAGAIN);
	CHECK_ERR(sigtimedwait(&set, &si, &none), EAGAIN);
	CHECK_ERR(sigtimedwait(&set, &si, &bad), EINVAL);
	kill(getpid(), SIGUSR2);
	SHOW(sigtimedwait(&set, &si, &ts));
	SHOW(si.si_signo);
	SHOW(si.si_code);
	sigset_t pending;
	sigpending(&pending);
	SHOW(sigismember(&pending, SIGUSR2));
	CHECK_ERR(syscall(SYS_rt_sigtimedwait, &set, &si, &ts, 3), EINVAL);
	return 0;
}
