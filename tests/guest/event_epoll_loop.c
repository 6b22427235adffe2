// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Epolls that would watch each other are refused.
//
// ERROR: yes
#include "t.h"
#include <sys/epoll.h>

int main(void)
{
	struct epoll_event ev = { .events = EPOLLIN };
	int a = epoll_create1(0), b = epoll_create1(0), c = epoll_create1(0);
	SHOW(epoll_ctl(a, EPOLL_CTL_ADD, b, &ev));
	CHECK_ERR(epoll_ctl(b, EPOLL_CTL_ADD, a, &ev), ELOOP);
	SHOW(epoll_ctl(b, EPOLL_CTL_ADD, c, &ev));
	CHECK_ERR(epoll_ctl(c, EPOLL_CTL_ADD, a, &ev), ELOOP);
	SHOW(epoll_ctl(a, EPOLL_CTL_DEL, b, NULL));
	SHOW(epoll_ctl(c, EPOLL_CTL_ADD, a, &ev));
	return 0;
}
