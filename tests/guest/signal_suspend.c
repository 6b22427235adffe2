// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sigsuspend swaps the mask, waits, runs the handler and swaps back.
//
// ERROR: yes
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	sigset_t block, wait, now;
	t_catch(SIGUSR1, handler, 0);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	SHOW(hits);
	sigemptyset(&wait);
	CHECK_ERR(sigsuspend(&wait), EINTR);
	SHOW(hits);
	sigprocmask(SIG_BLOCK, NULL, &now);
	SHOW(sigismember(&now, SIGUSR1));
	CHECK_ERR(syscall(SYS_rt_sigsuspend, &wait, 3), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigsuspend, BAD_PTR, 8), EFAULT);
	return 0;
}
