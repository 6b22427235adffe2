// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MSG_PEEK, FIONREAD of the first datagram, and a zero-length one that makes a socket readable.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	char buf[16];
	int n, a = socket(AF_INET, SOCK_DGRAM, 0), b = bound_socket(AF_INET, SOCK_DGRAM);
	struct sockaddr_in to = addr4(port_of(b));
	NEED(connect(a, SA(&to), sizeof to) == 0);
	SHOW(send(a, "first", 5, 0));
	SHOW(send(a, "2nd", 3, 0));
	SHOW(recv(b, buf, sizeof buf, MSG_PEEK));
	SHOW(ioctl(b, FIONREAD, &n));
	SHOW(n);
	SHOW(recv(b, buf, sizeof buf, 0));
	SHOW(recv(b, buf, sizeof buf, 0));
	SHOW(poll(&(struct pollfd){ b, POLLIN, 0 }, 1, 0));
	SHOW(send(a, "", 0, 0));
	SHOW(wait_for(b, POLLIN) == POLLIN);
	SHOW(recv(b, buf, sizeof buf, 0));
	return 0;
}
