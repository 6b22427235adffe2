// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// With room for fewer than are ready, all get their turn.
#include "t.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>

int main(void)
{
	int seen[6] = { 0 }, ep = epoll_create1(0);
	struct epoll_event out[8];
	for (int i = 0; i < 6; i++) {
		struct epoll_event ev = { .events = EPOLLIN, .data.u32 = i };
		NEED(epoll_ctl(ep, EPOLL_CTL_ADD, eventfd(1, 0), &ev) == 0);
	}
	for (int round = 0; round < 3; round++) {
		SHOW(epoll_wait(ep, out, 2, 0));
		seen[out[0].data.u32]++;
		seen[out[1].data.u32]++;
	}
	for (int i = 0; i < 6; i++)
		say("%d", seen[i]);
	SHOW(epoll_wait(ep, out, 8, 0));
	return 0;
}
