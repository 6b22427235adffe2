// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// UDP over ::1, and IPv4 through a dual-stack socket.
//
// NET: inet6
#include "tnet.h"

int main(void)
{
	char buf[16], text[64];
	int a = socket(AF_INET6, SOCK_DGRAM, 0), b = bound_socket(AF_INET6, SOCK_DGRAM);
	struct sockaddr_in6 to = addr6(port_of(b)), from, any = { .sin6_family = AF_INET6 };
	socklen_t len = sizeof from;
	SHOW(sendto(a, "six", 3, 0, SA(&to), sizeof to));
	SHOW(recvfrom(b, buf, sizeof buf, 0, SA(&from), &len));
	say("%s", inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof text));
	SHOW(len);
	int dual = socket(AF_INET6, SOCK_DGRAM, 0), four = socket(AF_INET, SOCK_DGRAM, 0), off = 0;
	NEED(setsockopt(dual, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) == 0 && bind(dual, SA(&any),
			sizeof any) == 0);
	struct sockaddr_in to4 = addr4(port_of(dual));
	SHOW(sendto(four, "four", 4, 0, SA(&to4), sizeof to4));
	SHOW(recvfrom(dual, buf, sizeof buf, 0, SA(&from), &len));
	say("%s", inet_ntop(AF_INET6, &from.sin6_addr, text, sizeof text));
	SHOW(sendto(dual, "back", 4, 0, SA(&from), len));
	SHOW(recv(four, buf, sizeof buf, 0));
	return 0;
}
