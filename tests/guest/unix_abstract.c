// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Abstract names: no file, bytes count, gone with the socket.
//
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX }, got;
	int n = snprintf(a.sun_path + 1, 60, "guest-test-%d", (int)getpid());
	socklen_t len = offsetof(struct sockaddr_un, sun_path) + 1 + n, gotlen = sizeof got;
	int l = socket(AF_UNIX, SOCK_STREAM, 0), c = socket(AF_UNIX, SOCK_STREAM, 0);
	SHOW(bind(l, SA(&a), len));
	SHOW(listen(l, 1));
	CHECK_ERR(bind(c, SA(&a), len), EADDRINUSE);
	CHECK_ERR(connect(c, SA(&a), len - 1), ECONNREFUSED);
	SHOW(connect(c, SA(&a), len));
	SHOW(getpeername(c, SA(&got), &gotlen));
	CHECK(gotlen == len && memcmp(&got, &a, len) == 0);
	SHOW(close(l));
	CHECK_ERR(connect(socket(AF_UNIX, SOCK_STREAM, 0), SA(&a), len), ECONNREFUSED);
	SHOW(bind(socket(AF_UNIX, SOCK_STREAM, 0), SA(&a), len));
	return 0;
}
