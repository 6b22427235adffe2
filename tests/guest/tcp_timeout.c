// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SO_RCVTIMEO ends a read, and an accept, with EAGAIN after its time.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int p[2], listener = bound_socket(AF_INET, SOCK_STREAM);
	char c;
	struct timeval tv = { 0, 20000 }, now;
	socklen_t len = sizeof now;
	tcp_pair(p);
	SHOW(setsockopt(p[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv));
	SHOW(getsockopt(p[0], SOL_SOCKET, SO_RCVTIMEO, &now, &len));
	SHOW(now.tv_sec);
	long long begin = t_now(CLOCK_MONOTONIC);
	CHECK_ERR(recv(p[0], &c, 1, 0), EAGAIN);
	CHECK(t_now(CLOCK_MONOTONIC) - begin >= 19000000);
	SHOW(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv));
	CHECK_ERR(accept(listener, NULL, NULL), EAGAIN);
	tv.tv_usec = 2000000;
	CHECK_ERR(setsockopt(p[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv), EDOM);
	SHOW(send(p[1], "x", 1, 0));
	SHOW(recv(p[0], &c, 1, 0));
	return 0;
}
