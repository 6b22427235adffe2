// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls that need a connection.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_in a;
	socklen_t len = sizeof a;
	char c;
	int s = socket(AF_INET, SOCK_STREAM, 0), listener = bound_socket(AF_INET, SOCK_STREAM);
	CHECK_ERR(getpeername(s, SA(&a), &len), ENOTCONN);
	CHECK_ERR(recv(s, &c, 1, 0), ENOTCONN);
	CHECK_ERR(send(s, "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_ERR(shutdown(s, SHUT_RDWR), ENOTCONN);
	CHECK_ERR(getpeername(listener, SA(&a), &len), ENOTCONN);
	CHECK_ERR(recv(listener, &c, 1, 0), ENOTCONN);
	int pair[2];
	tcp_pair(pair);
	CHECK_ERR(shutdown(pair[0], 77), EINVAL);
	CHECK_ERR(shutdown(99, SHUT_WR), EBADF);
	CHECK_ERR(shutdown(0, SHUT_WR), ENOTSOCK);
	return 0;
}
