// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// No destination, too long, bad addresses.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	static char big[70000];
	int s = socket(AF_INET, SOCK_DGRAM, 0), other = bound_socket(AF_INET, SOCK_DGRAM);
	struct sockaddr_in a = addr4(port_of(other));
	CHECK_ERR(send(s, "x", 1, 0), EDESTADDRREQ);
	CHECK_ERR(write(s, "x", 1), EDESTADDRREQ);
	CHECK_ERR(sendto(s, big, sizeof big, 0, SA(&a), sizeof a), EMSGSIZE);
	CHECK_ERR(sendto(s, big, 65508, 0, SA(&a), sizeof a), EMSGSIZE);
	CHECK_ERR(sendto(s, "x", 1, 0, SA(&a), 4), EINVAL);
	CHECK_ERR(sendto(s, BAD_PTR, 1, 0, SA(&a), sizeof a), EFAULT);
	CHECK_ERR(sendto(s, "x", 1, 0, BAD_PTR, sizeof a), EFAULT);
	a.sin_port = 0;
	CHECK_ERR(sendto(s, "x", 1, 0, SA(&a), sizeof a), EINVAL);
	CHECK_ERR(listen(s, 1), EOPNOTSUPP);
	a = addr4(port_of(other));
	CHECK_ERR(bind(socket(AF_INET, SOCK_DGRAM, 0), SA(&a), sizeof a), EADDRINUSE);
	CHECK_ERR(shutdown(s, SHUT_WR), ENOTCONN);
	return 0;
}
