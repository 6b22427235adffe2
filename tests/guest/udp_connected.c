// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A connected socket sends without an address and hears only its peer.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	char buf[64];
	int a = bound_socket(AF_INET, SOCK_DGRAM), b = bound_socket(AF_INET, SOCK_DGRAM),
			c = bound_socket(AF_INET, SOCK_DGRAM);
	struct sockaddr_in to_a = addr4(port_of(a)), to_b = addr4(port_of(b)), peer;
	socklen_t len = sizeof peer;
	SHOW(connect(a, SA(&to_b), sizeof to_b));
	SHOW(send(a, "hi", 2, 0));
	SHOW(recv(b, buf, sizeof buf, 0));
	SHOW(getpeername(a, SA(&peer), &len));
	CHECK(peer.sin_port == to_b.sin_port);
	SHOW(sendto(c, "stranger", 8, 0, SA(&to_a), sizeof to_a));
	SHOW(sendto(b, "friend", 6, 0, SA(&to_a), sizeof to_a));
	SHOW(recv(a, buf, sizeof buf, 0));
	say("%.6s", buf);
	CHECK_ERR(recv(a, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
	struct sockaddr_in none = { .sin_family = AF_UNSPEC };
	SHOW(connect(a, SA(&none), sizeof none));
	CHECK_ERR(getpeername(a, SA(&peer), &len), ENOTCONN);
	CHECK_ERR(send(a, "x", 1, 0), EDESTADDRREQ);
	return 0;
}
