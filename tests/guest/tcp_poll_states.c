// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What poll shows of a listener, an open, a half-closed and a closed connection.
//
// NET: yes
#include "tnet.h"

static int state(int fd)
{
	struct pollfd f = { fd, POLLIN | POLLOUT | POLLRDHUP, 0 };
	poll(&f, 1, 0);
	return f.revents;
}

int main(void)
{
	int listener = bound_socket(AF_INET, SOCK_STREAM), p[2];
	SHOW(state(listener));
	connect_to(port_of(listener));
	wait_for(listener, POLLIN);
	SHOW(state(listener) == POLLIN);
	tcp_pair(p);
	SHOW(state(p[0]) == POLLOUT);
	NEED(send(p[1], "x", 1, 0) == 1);
	wait_for(p[0], POLLIN);
	SHOW(state(p[0]) == (POLLIN | POLLOUT));
	char c;
	NEED(read(p[0], &c, 1) == 1);
	NEED(shutdown(p[1], SHUT_WR) == 0);
	wait_for(p[0], POLLIN);
	SHOW(state(p[0]) == (POLLIN | POLLOUT | POLLRDHUP));
	NEED(shutdown(p[0], SHUT_WR) == 0);
	wait_for(p[0], POLLHUP);
	SHOW(state(p[0]) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
	SHOW(state(socket(AF_INET, SOCK_STREAM, 0)) == (POLLOUT | POLLHUP));
	return 0;
}
