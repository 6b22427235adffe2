// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// ppoll's timeout and mask.
//
// ERROR: yes
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	int p[2];
	sigset_t block, none;
	struct timespec ts = { 0, 10000000 };
	NEED(pipe(p) == 0);
	struct pollfd f = { p[0], POLLIN, 0 };
	t_catch(SIGUSR1, handler, 0);
	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	SHOW(ppoll(&f, 1, &ts, NULL));
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	SHOW(ppoll(&f, 1, &ts, &block));
	SHOW(hits);
	CHECK_ERR(ppoll(&f, 1, NULL, &none), EINTR);
	SHOW(hits);
	ts.tv_nsec = -1;
	CHECK_ERR(syscall(SYS_ppoll, &f, 1, &ts, NULL, 8), EINVAL);
	CHECK_ERR(syscall(SYS_ppoll, &f, 1, NULL, &none, 3), EINVAL);
	return 0;
}
