// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A dual-stack socket on :: takes IPv4 too and shows mapped addresses; with IPV6_V6ONLY it does
// not.
//
// NET: inet6
// ERROR: yes
#include "tnet.h"

int main(void)
{
	char text[64];
	struct sockaddr_in6 a = { .sin6_family = AF_INET6 };
	socklen_t len = sizeof a;
	int off = 0, on = 1, s = socket(AF_INET6, SOCK_STREAM, 0);
	SHOW(setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off));
	NEED(bind(s, SA(&a), sizeof a) == 0 && listen(s, 5) == 0);
	connect_to(port_of(s));
	NEED(accept(s, SA(&a), &len) >= 0);
	say("%s", inet_ntop(AF_INET6, &a.sin6_addr, text, sizeof text));
	a = (struct sockaddr_in6){ .sin6_family = AF_INET6 };
	int only = socket(AF_INET6, SOCK_STREAM, 0), got = 0;
	SHOW(setsockopt(only, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on));
	len = sizeof got;
	SHOW(getsockopt(only, IPPROTO_IPV6, IPV6_V6ONLY, &got, &len));
	SHOW(got);
	NEED(bind(only, SA(&a), sizeof a) == 0);
	CHECK_ERR(setsockopt(only, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), EINVAL);
	NEED(listen(only, 5) == 0);
	struct sockaddr_in a4 = addr4(port_of(only));
	int holder = socket(AF_INET, SOCK_STREAM, 0), fd4 = socket(AF_INET, SOCK_STREAM, 0);
	SHOW(bind(holder, SA(&a4), sizeof a4));
	CHECK_ERR(connect(fd4, SA(&a4), sizeof a4), ECONNREFUSED);
	return 0;
}
