// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Level-triggered: ready for as long as there is something.
#include "t.h"
#include <sys/epoll.h>

int main(void)
{
	int p[2];
	char c;
	struct epoll_event ev = { .events = EPOLLIN, .data.u64 = 0x1122334455667788 }, out[4];
	NEED(pipe(p) == 0);
	int ep = epoll_create1(EPOLL_CLOEXEC);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev));
	SHOW(epoll_wait(ep, out, 4, 0));
	SHOW(write(p[1], "ab", 2));
	for (int i = 0; i < 3; i++) {
		SHOW(epoll_wait(ep, out, 4, 1000));
		say("events %x data %llx", out[0].events, (unsigned long long)out[0].data.u64);
		if (i < 2)
			SHOW(read(p[0], &c, 1));
		if (i == 1)
			SHOW(write(p[1], "c", 1));
	}
	SHOW(read(p[0], &c, 1));
	SHOW(epoll_wait(ep, out, 4, 10));
	return 0;
}
