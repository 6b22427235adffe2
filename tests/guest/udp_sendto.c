// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Datagrams keep their bounds and bring their sender's address.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	char buf[64];
	int a = bound_socket(AF_INET, SOCK_DGRAM), b = bound_socket(AF_INET, SOCK_DGRAM);
	struct sockaddr_in to = addr4(port_of(b)), from;
	socklen_t len = sizeof from;
	SHOW(sendto(a, "one", 3, 0, SA(&to), sizeof to));
	SHOW(sendto(a, "three", 5, 0, SA(&to), sizeof to));
	SHOW(sendto(a, "", 0, 0, SA(&to), sizeof to));
	SHOW(recvfrom(b, buf, sizeof buf, 0, SA(&from), &len));
	CHECK(ntohs(from.sin_port) == port_of(a) && from.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	SHOW(len);
	SHOW(recv(b, buf, sizeof buf, 0));
	say("%.5s", buf);
	SHOW(recv(b, buf, sizeof buf, 0));
	CHECK_ERR(recv(b, buf, sizeof buf, MSG_DONTWAIT), EAGAIN);
	return 0;
}
