// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Datagrams between named sockets, with their sender's name.
#include "tnet.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "a" }, b = { .sun_family = AF_UNIX,
			.sun_path = "b" }, from;
	socklen_t len = sizeof from;
	char buf[16] = { 0 };
	t_dir();
	int sa = socket(AF_UNIX, SOCK_DGRAM, 0), sb = socket(AF_UNIX, SOCK_DGRAM, 0);
	NEED(bind(sa, SA(&a), sizeof a) == 0 && bind(sb, SA(&b), sizeof b) == 0);
	SHOW(sendto(sa, "one", 3, 0, SA(&b), sizeof b));
	SHOW(sendto(sa, "two!", 4, 0, SA(&b), sizeof b));
	SHOW(recvfrom(sb, buf, 16, 0, SA(&from), &len));
	say("%s from %s", buf, from.sun_path);
	SHOW(recv(sb, buf, 2, MSG_TRUNC));
	SHOW(connect(sa, SA(&b), sizeof b));
	SHOW(send(sa, "3", 1, 0));
	SHOW(recv(sb, buf, 16, 0));
	int anonymous = socket(AF_UNIX, SOCK_DGRAM, 0);
	SHOW(sendto(anonymous, "x", 1, 0, SA(&b), sizeof b));
	len = sizeof from;
	SHOW(recvfrom(sb, buf, 16, 0, SA(&from), &len));
	SHOW(len <= 2);
	return 0;
}
