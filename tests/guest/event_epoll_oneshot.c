// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// EPOLLONESHOT reports once, then nothing until it is armed again.
#include "t.h"
#include <sys/epoll.h>

int main(void)
{
	int p[2];
	struct epoll_event ev = { .events = EPOLLIN | EPOLLONESHOT }, out[4];
	NEED(pipe(p) == 0 && write(p[1], "ab", 2) == 2);
	int ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev));
	SHOW(epoll_wait(ep, out, 4, 1000));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(write(p[1], "c", 1));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev));
	SHOW(epoll_wait(ep, out, 4, 1000));
	SHOW(close(p[1]));
	SHOW(epoll_wait(ep, out, 4, 0));
	return 0;
}
