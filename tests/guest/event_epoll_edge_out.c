// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// EPOLLOUT by edge on a socket: once when added, again after it was full and is drained.
#include "t.h"
#include <sys/epoll.h>
#include <sys/socket.h>

int main(void)
{
	int s[2];
	static char buf[65536];
	struct epoll_event ev = { .events = EPOLLOUT | EPOLLIN | EPOLLET }, out[2];
	NEED(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s) == 0);
	int ep = epoll_create1(0);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, s[0], &ev));
	SHOW(epoll_wait(ep, out, 2, 0));
	SHOW(out[0].events);
	SHOW(epoll_wait(ep, out, 2, 0));
	while (write(s[0], buf, sizeof buf) > 0)
		;
	SHOW(errno == EAGAIN);
	SHOW(epoll_wait(ep, out, 2, 0));
	while (read(s[1], buf, sizeof buf) > 0)
		;
	SHOW(epoll_wait(ep, out, 2, 1000));
	SHOW(out[0].events);
	return 0;
}
