// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Datagram sockets: no destination, none there any more, wrong type.
//
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "a" };
	char c;
	t_dir();
	int s = socket(AF_UNIX, SOCK_DGRAM, 0), t = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK_ERR(send(s, "x", 1, 0), ENOTCONN);
	CHECK_ERR(sendto(s, "x", 1, 0, SA(&a), sizeof a), ENOENT);
	CHECK_ERR(recv(s, &c, 1, MSG_DONTWAIT), EAGAIN);
	NEED(bind(t, SA(&a), sizeof a) == 0);
	SHOW(connect(s, SA(&a), sizeof a));
	SHOW(send(s, "x", 1, 0));
	close(t);
	CHECK_ERR(send(s, "x", 1, 0), ECONNREFUSED);
	CHECK_ERR(sendto(socket(AF_UNIX, SOCK_DGRAM, 0), "x", 1, 0, SA(&a), sizeof a), ECONNREFUSED);
	CHECK_ERR(listen(s, 1), EOPNOTSUPP);
	return 0;
}
