// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// With SA_RESTART a blocked read goes on after the handler; poll and epoll_wait never do.
//
// ERROR: yes
#include "t.h"
#include <sys/epoll.h>

static volatile int hits;
static int p[2];

static void handler(int sig)
{
	if (++hits == 3)
		write(p[1], "x", 1);
}

int main(void)
{
	char c = 0;
	struct epoll_event ev;
	struct itimerval it = { { 0, 5000 }, { 0, 5000 } }, off = { 0 };
	NEED(pipe(p) == 0);
	t_catch(SIGALRM, handler, SA_RESTART);
	setitimer(ITIMER_REAL, &it, NULL);
	SHOW(read(p[0], &c, 1));
	say("%c", c);
	CHECK(hits >= 3);
	struct pollfd pfd = { p[0], POLLIN, 0 };
	CHECK_ERR(poll(&pfd, 1, -1), EINTR);
	CHECK_ERR(epoll_wait(epoll_create1(0), &ev, 1, -1), EINTR);
	CHECK_ERR(nanosleep(&(struct timespec){ 100, 0 }, NULL), EINTR);
	setitimer(ITIMER_REAL, &off, NULL);
	return 0;
}
