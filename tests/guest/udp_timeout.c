// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SO_RCVTIMEO and O_NONBLOCK on datagram sockets.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	char c;
	struct timeval tv = { 0, 15000 };
	int b = bound_socket(AF_INET, SOCK_DGRAM);
	SHOW(setsockopt(b, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof tv));
	long long begin = t_now(CLOCK_MONOTONIC);
	CHECK_ERR(recv(b, &c, 1, 0), EAGAIN);
	CHECK(t_now(CLOCK_MONOTONIC) - begin >= 14000000);
	SHOW(fcntl(b, F_SETFL, O_NONBLOCK));
	CHECK_ERR(read(b, &c, 1), EAGAIN);
	CHECK_ERR(recvfrom(b, &c, 1, 0, NULL, NULL), EAGAIN);
	return 0;
}
