// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// IP_PKTINFO tells the address that a datagram was sent to.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	int on = 1, a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in any = { .sin_family = AF_INET };
	NEED(bind(b, SA(&any), sizeof any) == 0);
	SHOW(setsockopt(b, IPPROTO_IP, IP_PKTINFO, &on, sizeof on));
	struct sockaddr_in to = addr4(port_of(b));
	NEED(sendto(a, "hello", 5, 0, SA(&to), sizeof to) == 5);
	char buf[16], control[256];
	struct iovec iov = { buf, sizeof buf };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			.msg_controllen = sizeof control };
	SHOW(recvmsg(b, &m, 0));
	SHOW(m.msg_flags);
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	CHECK(c != NULL && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO);
	struct in_pktinfo info;
	memcpy(&info, CMSG_DATA(c), sizeof info);
	say("%s", inet_ntoa(info.ipi_addr));
	CHECK(info.ipi_ifindex > 0);
	return 0;
}
