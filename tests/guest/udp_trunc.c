// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A datagram that is longer than the buffer is cut, and MSG_TRUNC tells.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	char buf[4];
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = bound_socket(AF_INET, SOCK_DGRAM);
	struct sockaddr_in to = addr4(port_of(b));
	struct iovec iov = { buf, sizeof buf };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	for (int i = 0; i < 4; i++)
		SHOW(sendto(a, "long datagram", 13, 0, SA(&to), sizeof to));
	SHOW(recv(b, buf, sizeof buf, 0));
	say("%.4s", buf);
	SHOW(recv(b, buf, sizeof buf, MSG_TRUNC));
	SHOW(recv(b, buf, 0, MSG_PEEK | MSG_TRUNC));
	SHOW(recvmsg(b, &m, 0));
	SHOW(m.msg_flags == MSG_TRUNC);
	SHOW(recv(b, buf, 0, 0));
	CHECK_ERR(recv(b, buf, 4, MSG_DONTWAIT), EAGAIN);
	return 0;
}
