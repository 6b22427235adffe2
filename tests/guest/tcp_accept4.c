// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// accept4's flags; the peer's address; a fresh descriptor does not inherit O_NONBLOCK.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_in peer, own;
	socklen_t len = sizeof peer;
	int listener = bound_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
	int fd = connect_to(port_of(listener));
	NEED(wait_for(listener, POLLIN));
	int got = accept4(listener, SA(&peer), &len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	CHECK(got >= 0);
	SHOW(len);
	SHOW(!!(fcntl(got, F_GETFL) & O_NONBLOCK));
	SHOW(fcntl(got, F_GETFD));
	len = sizeof own;
	NEED(getsockname(fd, SA(&own), &len) == 0);
	CHECK(peer.sin_family == AF_INET && peer.sin_port == own.sin_port &&
			peer.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	connect_to(port_of(listener));
	NEED(wait_for(listener, POLLIN));
	got = accept(listener, NULL, NULL);
	SHOW(!!(fcntl(got, F_GETFL) & O_NONBLOCK));
	return 0;
}
