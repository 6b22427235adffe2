// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// EPOLLHUP, EPOLLERR and EPOLLRDHUP come without or with being asked for.
#include "t.h"
#include <sys/epoll.h>
#include <sys/socket.h>

static void show(const char *name, int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events };
	int ep = epoll_create1(0);
	NEED(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) == 0);
	ev.events = 0;
	int n = epoll_wait(ep, &ev, 1, 0);
	say("%s: %d %x", name, n, ev.events);
	close(ep);
}

int main(void)
{
	int p[2], s[2];
	NEED(pipe(p) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	close(p[1]);
	show("pipe without a writer", p[0], 0);
	NEED(pipe(p) == 0 && write(p[1], "x", 1) == 1);
	close(p[1]);
	show("with data left", p[0], EPOLLIN);
	NEED(pipe(p) == 0);
	close(p[0]);
	show("pipe without a reader", p[1], EPOLLOUT);
	shutdown(s[1], SHUT_WR);
	show("half closed", s[0], EPOLLIN | EPOLLRDHUP);
	show("half closed, not asked", s[0], 0);
	close(s[1]);
	show("closed", s[0], EPOLLIN | EPOLLRDHUP);
	return 0;
}
