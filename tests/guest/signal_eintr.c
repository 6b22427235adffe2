// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A handler without SA_RESTART ends blocking calls with EINTR; the repeating timer makes sure that
// it comes while they block.
//
// ERROR: yes
#include "t.h"
#include <sys/epoll.h>
#include <sys/wait.h>

static void handler(int sig) { }

int main(void)
{
	int p[2];
	char c;
	fd_set set;
	struct pollfd pfd;
	struct epoll_event ev;
	struct timespec ts = { 100, 0 };
	struct itimerval it = { { 0, 5000 }, { 0, 5000 } };
	NEED(pipe(p) == 0);
	int ep = epoll_create1(0);
	pfd = (struct pollfd){ p[0], POLLIN, 0 };
	t_catch(SIGALRM, handler, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	CHECK_ERR(read(p[0], &c, 1), EINTR);
	CHECK_ERR(poll(&pfd, 1, -1), EINTR);
	FD_ZERO(&set);
	FD_SET(p[0], &set);
	CHECK_ERR(select(p[0] + 1, &set, NULL, NULL, NULL), EINTR);
	CHECK_ERR(epoll_wait(ep, &ev, 1, -1), EINTR);
	CHECK_ERR(nanosleep(&ts, &ts), EINTR);
	CHECK(ts.tv_sec == 99);
	CHECK_ERR(pause(), EINTR);
	CHECK_ERR(ppoll(&pfd, 1, &(struct timespec){ 100, 0 }, NULL), EINTR);
	SHOW_RC(clock_nanosleep(CLOCK_MONOTONIC, 0, &(struct timespec){ 100, 0 }, NULL));
	return 0;
}
