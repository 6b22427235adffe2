// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getsockname and getpeername, and the length they report when there is too little room.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	int p[2];
	struct sockaddr_in a, b;
	socklen_t len = sizeof a;
	tcp_pair(p);
	SHOW(getsockname(p[0], SA(&a), &len));
	SHOW(len);
	SHOW(getpeername(p[1], SA(&b), &len));
	CHECK(memcmp(&a, &b, 8) == 0);
	SHOW(getpeername(p[0], SA(&a), &len));
	SHOW(getsockname(p[1], SA(&b), &len));
	CHECK(memcmp(&a, &b, 8) == 0);
	say("%s", inet_ntoa(a.sin_addr));
	memset(&a, 0xff, sizeof a);
	len = 2;
	SHOW(getsockname(p[0], SA(&a), &len));
	SHOW(len);
	SHOW(a.sin_family);
	SHOW(a.sin_port == 0xffff);
	int fresh = socket(AF_INET, SOCK_STREAM, 0);
	len = sizeof a;
	SHOW(getsockname(fresh, SA(&a), &len));
	SHOW(a.sin_port);
	return 0;
}
