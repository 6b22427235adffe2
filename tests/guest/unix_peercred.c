// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SO_PEERCRED tells the peer's process and user: here our own.
#include "tnet.h"

int main(void)
{
	int s[2];
	struct ucred cred;
	socklen_t len = sizeof cred;
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	SHOW(getsockopt(s[0], SOL_SOCKET, SO_PEERCRED, &cred, &len));
	SHOW(len);
	CHECK(cred.pid == getpid());
	CHECK(cred.uid == getuid() && cred.gid == getgid());
	return 0;
}
