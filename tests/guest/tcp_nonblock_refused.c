// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A refusal of a non-blocking connect is told once, by SO_ERROR.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int holder = socket(AF_INET, SOCK_STREAM, 0), error = 0;
	socklen_t len = sizeof error;
	struct sockaddr_in a = addr4(0);
	NEED(bind(holder, SA(&a), sizeof a) == 0);
	a = addr4(port_of(holder));
	int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int r = connect(s, SA(&a), sizeof a);
	CHECK(r == -1 && (errno == EINPROGRESS || errno == ECONNREFUSED));
	if (errno == EINPROGRESS) {
		CHECK((wait_for(s, POLLOUT) & (POLLERR | POLLHUP)) != 0);
		NEED(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len) == 0);
		CHECK(error == ECONNREFUSED);
	}
	NEED(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len) == 0);
	SHOW(error);
	return 0;
}
