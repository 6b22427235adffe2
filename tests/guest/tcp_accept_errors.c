// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// accept and listen where they make no sense.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), d = socket(AF_INET, SOCK_DGRAM, 0), pair[2];
	int listener = bound_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
	tcp_pair(pair);
	CHECK_ERR(accept(s, NULL, NULL), EINVAL);
	CHECK_ERR(accept(d, NULL, NULL), EOPNOTSUPP);
	CHECK_ERR(accept(99, NULL, NULL), EBADF);
	CHECK_ERR(accept(0, NULL, NULL), ENOTSOCK);
	CHECK_ERR(accept(listener, NULL, NULL), EAGAIN);
	CHECK_ERR(syscall(SYS_accept4, listener, NULL, NULL, 0x7777), EINVAL);
	CHECK_ERR(accept(pair[0], NULL, NULL), EINVAL);
	CHECK_ERR(listen(d, 5), EOPNOTSUPP);
	CHECK_ERR(listen(pair[0], 5), EINVAL);
	CHECK_ERR(listen(99, 5), EBADF);
	SHOW(listen(listener, 10));
	return 0;
}
