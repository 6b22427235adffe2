// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// epoll_pwait's mask lets a blocked signal in while it waits.
//
// ERROR: yes
#include "t.h"
#include <sys/epoll.h>

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	sigset_t block, none;
	struct epoll_event out[1];
	int ep = epoll_create1(0);
	t_catch(SIGUSR1, handler, 0);
	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	SHOW(epoll_wait(ep, out, 1, 0));
	SHOW(hits);
	CHECK_ERR(epoll_pwait(ep, out, 1, -1, &none), EINTR);
	SHOW(hits);
	raise(SIGUSR1);
	SHOW(epoll_pwait(ep, out, 1, 5, &block));
	SHOW(hits);
	CHECK_ERR(syscall(SYS_epoll_pwait, ep, out, 1, 0, &none, 3), EINVAL);
	return 0;
}
