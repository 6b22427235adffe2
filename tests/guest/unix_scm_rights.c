// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A descriptor sent over a socket is a new number for the same open file.
#include "tnet.h"

int main(void)
{
	int s[2];
	char data = 'd', buf[8] = { 0 };
	union { char space[CMSG_SPACE(sizeof(int))]; struct cmsghdr align; } control;
	struct iovec iov = { &data, 1 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			.msg_controllen = sizeof control };
	t_dir();
	t_file("a", "abcdef");
	int fd = open("a", O_RDONLY), got = -1;
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0 && read(fd, buf, 2) == 2);
	memset(&control, 0, sizeof control);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	*c = (struct cmsghdr){ .cmsg_len = CMSG_LEN(sizeof fd), .cmsg_level = SOL_SOCKET,
			.cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	SHOW(sendmsg(s[0], &m, 0));
	SHOW(close(fd));
	memset(&control, 0, sizeof control);
	m.msg_controllen = sizeof control;
	SHOW(recvmsg(s[1], &m, MSG_CMSG_CLOEXEC));
	c = CMSG_FIRSTHDR(&m);
	CHECK(c != NULL && c->cmsg_type == SCM_RIGHTS && c->cmsg_len == CMSG_LEN(sizeof got));
	memcpy(&got, CMSG_DATA(c), sizeof got);
	SHOW(fcntl(got, F_GETFD));
	SHOW(read(got, buf, 8));
	say("%s", buf);
	fd = 99;
	memcpy(CMSG_DATA(c), &fd, sizeof fd);
	CHECK_ERR(sendmsg(s[0], &m, 0), EBADF);
	return 0;
}
