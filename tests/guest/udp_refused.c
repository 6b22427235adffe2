// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A port that nobody has: the next call on a connected socket says ECONNREFUSED, once.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	char c;
	int holder = bound_socket(AF_INET, SOCK_DGRAM), s = socket(AF_INET, SOCK_DGRAM, 0);
	struct sockaddr_in a = addr4(port_of(holder));
	NEED(connect(s, SA(&a), sizeof a) == 0 && close(holder) == 0);
	SHOW(send(s, "x", 1, 0));
	NEED(wait_for(s, POLLIN));
	CHECK_ERR(recv(s, &c, 1, MSG_DONTWAIT), ECONNREFUSED);
	CHECK_ERR(recv(s, &c, 1, MSG_DONTWAIT), EAGAIN);
	SHOW(send(s, "x", 1, 0));
	wait_for(s, POLLIN);
	CHECK_ERR(send(s, "x", 1, 0), ECONNREFUSED);
	return 0;
}
