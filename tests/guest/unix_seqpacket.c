// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Packets over a listening socket: bounds are kept, the end is told.
#include "tnet.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "sock" };
	char buf[16];
	struct iovec iov = { buf, 2 };
	struct msghdr m = { .msg_iov = &iov, .msg_iovlen = 1 };
	t_dir();
	int l = socket(AF_UNIX, SOCK_SEQPACKET, 0), c = socket(AF_UNIX, SOCK_SEQPACKET, 0);
	NEED(bind(l, SA(&a), sizeof a) == 0 && listen(l, 1) == 0);
	SHOW(connect(c, SA(&a), sizeof a));
	int s = accept(l, NULL, NULL);
	SHOW(send(c, "packet", 6, 0));
	SHOW(send(c, "p2", 2, 0));
	SHOW(recvmsg(s, &m, 0));
	SHOW(m.msg_flags & MSG_TRUNC ? 1 : 0);
	SHOW(recv(s, buf, 16, 0));
	close(c);
	SHOW(recv(s, buf, 16, 0));
	CHECK_ERR(send(s, "x", 1, MSG_NOSIGNAL), EPIPE);
	return 0;
}
