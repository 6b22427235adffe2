// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A sender whose peer does not read is stopped with EAGAIN, and goes on when it does.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	static char buf[65536];
	int p[2];
	long sent = 0, got = 0, n;
	tcp_pair(p);
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	fcntl(p[1], F_SETFL, O_NONBLOCK);
	while ((n = write(p[0], buf, sizeof buf)) > 0)
		sent += n;
	CHECK(n == -1 && errno == EAGAIN);
	CHECK(sent > 0);
	while (got < sent) {
		wait_for(p[1], POLLIN);
		n = read(p[1], buf, sizeof buf);
		NEED(n > 0);
		got += n;
	}
	wait_for(p[0], POLLOUT);
	SHOW(write(p[0], buf, 1));
	CHECK(got == sent);
	return 0;
}
