// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// At RLIMIT_NOFILE everything that makes descriptors says EMFILE.
//
// ERROR: yes
#include "t.h"
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

int main(void)
{
	int p[2], count = 0, fd;
	struct rlimit r;
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = 20;
	NEED(setrlimit(RLIMIT_NOFILE, &r) == 0);
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		count++;
	SHOW(count);
	CHECK_ERR(open("/dev/null", O_RDONLY), EMFILE);
	CHECK_ERR(dup(0), EMFILE);
	CHECK_ERR(fcntl(0, F_DUPFD, 0), EMFILE);
	CHECK_ERR(pipe(p), EMFILE);
	CHECK_ERR(socket(AF_UNIX, SOCK_STREAM, 0), EMFILE);
	CHECK_ERR(socketpair(AF_UNIX, SOCK_STREAM, 0, p), EMFILE);
	CHECK_ERR(epoll_create1(0), EMFILE);
	CHECK_ERR(eventfd(0, 0), EMFILE);
	CHECK_ERR(dup2(0, 20), EBADF);
	SHOW(dup2(0, 19));
	SHOW(close(19));
	CHECK_ERR(pipe(p), EMFILE);
	SHOW(open("/dev/null", O_RDONLY));
	return 0;
}
