// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nothing happens: the timeout passes, and 0 comes back.
#include "t.h"
#include <sys/epoll.h>

int main(void)
{
	struct epoll_event out[1];
	int ep = epoll_create1(0);
	long long begin = t_now(CLOCK_MONOTONIC);
	SHOW(epoll_wait(ep, out, 1, 20));
	CHECK(t_now(CLOCK_MONOTONIC) - begin >= 20000000);
	SHOW(epoll_wait(ep, out, 1, 0));
	SHOW(poll(NULL, 0, 10));
	CHECK(t_now(CLOCK_MONOTONIC) - begin >= 30000000);
	struct timeval tv = { 0, 10000 };
	SHOW(select(0, NULL, NULL, NULL, &tv));
	CHECK(t_now(CLOCK_MONOTONIC) - begin >= 40000000);
	return 0;
}
