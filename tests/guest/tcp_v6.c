// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// TCP over ::1.
//
// NET: inet6
#include "tnet.h"

int main(void)
{
	char text[64], buf[8] = { 0 };
	int listener = bound_socket(AF_INET6, SOCK_STREAM), fd = socket(AF_INET6, SOCK_STREAM, 0);
	struct sockaddr_in6 a = addr6(port_of(listener));
	socklen_t len = sizeof a;
	SHOW(connect(fd, SA(&a), sizeof a));
	int got = accept(listener, SA(&a), &len);
	CHECK(got >= 0);
	SHOW(len);
	say("%s", inet_ntop(AF_INET6, &a.sin6_addr, text, sizeof text));
	SHOW(send(fd, "six", 3, 0));
	SHOW(read_all(got, buf, 3));
	say("%s", buf);
	a = addr6(1);
	CHECK_ERR(connect(socket(AF_INET6, SOCK_STREAM, 0), SA(&a), 8), EINVAL);
	return 0;
}
