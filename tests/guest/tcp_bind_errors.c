// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Addresses that cannot be bound.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_in a = addr4(0);
	int bound = bound_socket(AF_INET, SOCK_STREAM), s = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_ERR(bind(bound, SA(&a), sizeof a), EINVAL);
	CHECK_ERR(bind(s, SA(&a), 4), EINVAL);
	a.sin_family = AF_UNIX;
	CHECK_ERR(bind(s, SA(&a), sizeof a), EAFNOSUPPORT);
	a = addr4(0);
	a.sin_addr.s_addr = htonl(0xc0000207); // 192.0.2.7, for documentation (RFC 5737): nobody's
	CHECK_ERR(bind(s, SA(&a), sizeof a), EADDRNOTAVAIL);
	CHECK_ERR(bind(99, SA(&a), sizeof a), EBADF);
	CHECK_ERR(bind(0, SA(&a), sizeof a), ENOTSOCK);
	CHECK_ERR(bind(s, BAD_PTR, sizeof a), EFAULT);
	return 0;
}
