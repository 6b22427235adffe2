// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A non-blocking connect is in progress or done; writable and SO_ERROR 0 when it is.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	int listener = bound_socket(AF_INET, SOCK_STREAM), error = 77;
	socklen_t len = sizeof error;
	struct sockaddr_in a = addr4(port_of(listener));
	int s = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	int r = connect(s, SA(&a), sizeof a);
	CHECK(r == 0 || errno == EINPROGRESS);
	SHOW(wait_for(s, POLLOUT));
	SHOW(getsockopt(s, SOL_SOCKET, SO_ERROR, &error, &len));
	SHOW(error);
	r = connect(s, SA(&a), sizeof a);
	CHECK(r == 0 || errno == EISCONN);
	SHOW(send(s, "x", 1, 0));
	char c;
	SHOW(read(accept(listener, NULL, NULL), &c, 1));
	return 0;
}
