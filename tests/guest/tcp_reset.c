// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SO_LINGER with zero makes close a reset.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int p[2], error = 0;
	char c;
	struct linger linger = { 1, 0 };
	socklen_t len = sizeof linger;
	tcp_pair(p);
	SHOW(setsockopt(p[0], SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
	SHOW(getsockopt(p[0], SOL_SOCKET, SO_LINGER, &linger, &len));
	say("%d %d", linger.l_onoff, linger.l_linger);
	SHOW(close(p[0]));
	CHECK((wait_for(p[1], POLLIN) & (POLLHUP | POLLERR)) != 0);
	CHECK_ERR(recv(p[1], &c, 1, 0), ECONNRESET);
	SHOW(recv(p[1], &c, 1, 0));
	len = sizeof error;
	SHOW(getsockopt(p[1], SOL_SOCKET, SO_ERROR, &error, &len));
	SHOW(error);
	CHECK_ERR(send(p[1], "x", 1, MSG_NOSIGNAL), EPIPE);
	return 0;
}
