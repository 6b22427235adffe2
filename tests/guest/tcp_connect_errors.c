// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// connect's other refusals.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int pair[2], s = socket(AF_INET, SOCK_STREAM, 0), listener = bound_socket(AF_INET, SOCK_STREAM);
	struct sockaddr_in a = addr4(port_of(listener));
	tcp_pair(pair);
	CHECK_ERR(connect(pair[0], SA(&a), sizeof a), EISCONN);
	CHECK_ERR(connect(s, SA(&a), 4), EINVAL);
	CHECK_ERR(connect(s, BAD_PTR, sizeof a), EFAULT);
	CHECK_ERR(connect(99, SA(&a), sizeof a), EBADF);
	CHECK_ERR(connect(0, SA(&a), sizeof a), ENOTSOCK);
	a.sin_family = AF_INET6;
	CHECK_ERR(connect(s, SA(&a), sizeof a), EAFNOSUPPORT);
	a.sin_family = AF_INET;
	SHOW(connect(s, SA(&a), sizeof a));
	return 0;
}
