// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// epoll_ctl's and epoll_wait's refusals.
//
// ERROR: yes
#include "t.h"
#include <sys/epoll.h>

int main(void)
{
	int p[2];
	struct epoll_event ev = { .events = EPOLLIN }, out[1];
	t_dir();
	t_file("a", "x");
	NEED(pipe(p) == 0);
	int ep = epoll_create1(0), file = open("a", O_RDONLY), dir = open(".", O_RDONLY);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, file, &ev), EPERM);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, dir, &ev), EPERM);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev), ENOENT);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL), ENOENT);
	SHOW(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev));
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev), EEXIST);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &ev), EBADF);
	CHECK_ERR(epoll_ctl(99, EPOLL_CTL_ADD, p[1], &ev), EBADF);
	CHECK_ERR(epoll_ctl(p[0], EPOLL_CTL_ADD, p[1], &ev), EINVAL);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev), EINVAL);
	CHECK_ERR(epoll_ctl(ep, 77, p[0], &ev), EINVAL);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, p[1], BAD_PTR), EFAULT);
	CHECK_ERR(epoll_wait(ep, out, 0, 0), EINVAL);
	CHECK_ERR(epoll_wait(ep, out, -1, 0), EINVAL);
	CHECK_ERR(epoll_wait(p[0], out, 1, 0), EINVAL);
	CHECK_ERR(epoll_wait(99, out, 1, 0), EBADF);
	NEED(write(p[1], "x", 1) == 1);
	CHECK_ERR(epoll_wait(ep, BAD_PTR, 1, 0), EFAULT);
	CHECK_ERR(syscall(SYS_epoll_create, 0), EINVAL);
	CHECK_ERR(epoll_create1(1), EINVAL);
	SHOW(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL));
	return 0;
}
