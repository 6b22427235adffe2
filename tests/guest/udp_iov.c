// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Vectors make one datagram; a 8 KB one passes whole.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	static char big[8192], got[9000];
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = bound_socket(AF_INET, SOCK_DGRAM);
	struct sockaddr_in to = addr4(port_of(b)), from;
	struct iovec out[3] = { { (char *)"head", 4 }, { big, sizeof big }, { (char *)"tail", 4 } };
	struct iovec in[2] = { { got, 100 }, { got + 100, sizeof got - 100 } };
	struct msghdr m = { .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = out, .msg_iovlen = 3 };
	for (size_t i = 0; i < sizeof big; i++)
		big[i] = i * 13;
	SHOW(sendmsg(a, &m, 0));
	m = (struct msghdr){ .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = in,
			.msg_iovlen = 2 };
	SHOW(recvmsg(b, &m, 0));
	SHOW(memcmp(got, "head", 4));
	SHOW(memcmp(got + 4, big, sizeof big));
	SHOW(memcmp(got + 4 + sizeof big, "tail", 4));
	SHOW(m.msg_namelen);
	CHECK(ntohs(from.sin_port) == port_of(a));
	return 0;
}
