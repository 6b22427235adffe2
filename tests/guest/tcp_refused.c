// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nobody listens: ECONNREFUSED, and the socket can be used again.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int holder = socket(AF_INET, SOCK_STREAM, 0), s = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = addr4(0);
	NEED(bind(holder, SA(&a), sizeof a) == 0);
	a = addr4(port_of(holder));
	CHECK_ERR(connect(s, SA(&a), sizeof a), ECONNREFUSED);
	CHECK_ERR(connect(s, SA(&a), sizeof a), ECONNREFUSED);
	CHECK_ERR(send(s, "x", 1, MSG_NOSIGNAL), EPIPE);
	SHOW(listen(holder, 1));
	SHOW(connect(s, SA(&a), sizeof a));
	return 0;
}
