// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An epoll in an epoll is readable when it has events.
#include "t.h"
#include <sys/epoll.h>

int main(void)
{
	int p[2];
	char c;
	struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 1 }, out[2];
	NEED(pipe(p) == 0);
	int inner = epoll_create1(0), outer = epoll_create1(0);
	SHOW(epoll_ctl(inner, EPOLL_CTL_ADD, p[0], &ev));
	ev.data.u32 = 2;
	SHOW(epoll_ctl(outer, EPOLL_CTL_ADD, inner, &ev));
	SHOW(epoll_wait(outer, out, 2, 0));
	SHOW(write(p[1], "x", 1));
	SHOW(epoll_wait(outer, out, 2, 1000));
	SHOW(out[0].data.u32);
	SHOW(poll(&(struct pollfd){ inner, POLLIN, 0 }, 1, 0));
	SHOW(epoll_wait(inner, out, 2, 0));
	SHOW(out[0].data.u32);
	SHOW(read(p[0], &c, 1));
	SHOW(epoll_wait(outer, out, 2, 0));
	return 0;
}
