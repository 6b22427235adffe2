// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Another thread's write, and another thread's epoll_ctl, wake a waiter.
#include "t.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>

static int ep, p[2];

static void *body(void *arg)
{
	t_sleep_ms(10);
	if (arg) {
		struct epoll_event ev = { .events = EPOLLIN, .data.u32 = 9 };
		NEED(epoll_ctl(ep, EPOLL_CTL_ADD, eventfd(1, 0), &ev) == 0);
	} else {
		NEED(write(p[1], "x", 1) == 1);
	}
	return NULL;
}

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET, .data.u32 = 1 }, out[1];
	NEED(pipe(p) == 0);
	ep = epoll_create1(0);
	NEED(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev) == 0);
	pthread_t thread = t_thread(body, NULL);
	SHOW(epoll_wait(ep, out, 1, -1));
	SHOW(out[0].data.u32);
	t_join(thread);
	thread = t_thread(body, (void *)1);
	SHOW(epoll_wait(ep, out, 1, -1));
	SHOW(out[0].data.u32);
	t_join(thread);
	return 0;
}
