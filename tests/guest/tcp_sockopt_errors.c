// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Options that are not there, of the wrong size, on the wrong thing.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), d = socket(AF_INET, SOCK_DGRAM, 0), value = 1;
	socklen_t len = sizeof value;
	CHECK_ERR(setsockopt(s, SOL_SOCKET, 7777, &value, sizeof value), ENOPROTOOPT);
	CHECK_ERR(getsockopt(s, SOL_SOCKET, 7777, &value, &len), ENOPROTOOPT);
	CHECK_ERR(setsockopt(s, IPPROTO_TCP, 7777, &value, sizeof value), ENOPROTOOPT);
	CHECK_ERR(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &value, 1), EINVAL);
	CHECK_ERR(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, BAD_PTR, 4), EFAULT);
	CHECK_ERR(getsockopt(s, SOL_SOCKET, SO_TYPE, BAD_PTR, &len), EFAULT);
	CHECK_ERR(setsockopt(s, SOL_SOCKET, SO_TYPE, &value, sizeof value), ENOPROTOOPT);
	CHECK_ERR(setsockopt(99, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value), EBADF);
	CHECK_ERR(setsockopt(0, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value), ENOTSOCK);
	CHECK_ERR(getsockopt(0, SOL_SOCKET, SO_TYPE, &value, &len), ENOTSOCK);
	SHOW(close(d));
	return 0;
}
