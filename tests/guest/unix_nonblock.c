// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// EAGAIN on empty, full, and nobody to accept; backlog full too.
//
// ERROR: yes
#include "tnet.h"

int main(void)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX, .sun_path = "sock" };
	static char buf[8192];
	int s[2];
	t_dir();
	NEED(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s) == 0);
	CHECK_ERR(read(s[0], buf, 1), EAGAIN);
	long total = 0, back = 0, n;
	while ((n = write(s[0], buf, sizeof buf)) > 0)
		total += n;
	CHECK(n == -1 && errno == EAGAIN && total > 0);
	while ((n = read(s[1], buf, sizeof buf)) > 0)
		back += n;
	CHECK(total == back);
	SHOW(write(s[0], buf, 1));
	int l = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	NEED(bind(l, SA(&a), sizeof a) == 0 && listen(l, 0) == 0);
	CHECK_ERR(accept(l, NULL, NULL), EAGAIN);
	SHOW(connect(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), SA(&a), sizeof a));
	CHECK_ERR(connect(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), SA(&a), sizeof a), EAGAIN);
	return 0;
}
