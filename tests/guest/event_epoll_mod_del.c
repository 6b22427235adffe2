// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MOD changes what is watched, DEL ends it; a closed descriptor leaves by itself.
#include "t.h"
#include <sys/epoll.h>
#include <sys/socket.h>

int main(void)
{
	int s[2];
	struct epoll_event ev = { .events = EPOLLOUT }, out[4];
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	int ep = epoll_create1(0);
	NEED(write(s[1], "x", 1) == 1);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, s[0], &ev));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(out[0].events);
	ev.events = EPOLLIN | EPOLLOUT;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, s[0], &ev));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(out[0].events);
	ev.events = 0;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, s[0], &ev));
	SHOW(epoll_wait(ep, out, 4, 0));
	ev.events = EPOLLIN;
	SHOW(epoll_ctl(ep, EPOLL_CTL_MOD, s[0], &ev));
	int two = dup(s[0]);
	close(s[0]);
	SHOW(epoll_wait(ep, out, 4, 0));
	close(two);
	SHOW(epoll_wait(ep, out, 4, 0));
	return 0;
}
