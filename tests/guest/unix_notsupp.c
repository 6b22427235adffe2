// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls that streams, pairs and datagrams refuse.
//
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int s[2], value = 1;
	char c;
	struct sockaddr_un peer;
	socklen_t len = sizeof peer;
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	CHECK_ERR(recv(s[0], &c, 1, MSG_OOB), EINVAL);
	CHECK_ERR(setsockopt(s[0], IPPROTO_TCP, TCP_NODELAY, &value, sizeof value), EOPNOTSUPP);
	CHECK_ERR(socketpair(AF_UNIX, 77, 0, s), EINVAL);
	CHECK_ERR(socketpair(AF_UNIX, SOCK_STREAM, 5, s), EPROTONOSUPPORT);
	CHECK_ERR(socketpair(AF_UNIX, SOCK_STREAM, 0, BAD_PTR), EFAULT);
	CHECK_ERR(socket(AF_UNIX, SOCK_STREAM, 99), EPROTONOSUPPORT);
	int fresh = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_ERR(getpeername(fresh, SA(&peer), &len), ENOTCONN);
	CHECK_ERR(accept(fresh, NULL, NULL), EINVAL);
	CHECK_ERR(send(fresh, "x", 1, MSG_NOSIGNAL), ENOTCONN);
	CHECK_ERR(recv(fresh, &c, 1, 0), EINVAL);
	CHECK_ERR(listen(fresh, 1), EINVAL);
	return 0;
}
