// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// select's and pselect's refusals, and pselect's mask. The closed descriptor is below 64: Linux looks
// no further than its table of descriptors, which has at least that many.
//
// ERROR: yes
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	fd_set r;
	sigset_t block, none;
	struct timeval bad = { -1, 0 };
	struct timespec ts = { 0, 5000000 };
	FD_ZERO(&r);
	FD_SET(40, &r);
	CHECK_ERR(select(41, &r, NULL, NULL, NULL), EBADF);
	CHECK_ERR(select(-1, NULL, NULL, NULL, NULL), EINVAL);
	CHECK_ERR(select(0, NULL, NULL, NULL, &bad), EINVAL);
	CHECK_ERR(syscall(SYS_select, 1, BAD_PTR, NULL, NULL, NULL), EFAULT);
	t_catch(SIGUSR1, handler, 0);
	sigemptyset(&none);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	sigprocmask(SIG_BLOCK, &block, NULL);
	raise(SIGUSR1);
	SHOW(pselect(0, NULL, NULL, NULL, &ts, NULL));
	SHOW(hits);
	CHECK_ERR(pselect(0, NULL, NULL, NULL, NULL, &none), EINTR);
	SHOW(hits);
	return 0;
}
