// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// After SHUT_WR the other direction still works; the peer reads the end.
//
// NET: yes
#include "tnet.h"

int main(void)
{
	int p[2];
	char buf[16];
	tcp_pair(p);
	SHOW(send(p[0], "last", 4, 0));
	SHOW(shutdown(p[0], SHUT_WR));
	SHOW(read_all(p[1], buf, 16));
	SHOW(recv(p[1], buf, 16, 0));
	SHOW(send(p[1], "reply", 5, 0));
	SHOW(read_all(p[0], buf, 5));
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(send(p[0], "x", 1, 0), EPIPE);
	SHOW(close(p[1]));
	SHOW(recv(p[0], buf, 16, 0));
	return 0;
}
