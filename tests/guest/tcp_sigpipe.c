// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sending on a closed side raises SIGPIPE, but not with MSG_NOSIGNAL.
//
// STATUS: 141
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int p[2];
	tcp_pair(p);
	SHOW(shutdown(p[0], SHUT_WR));
	CHECK_ERR(send(p[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	say("now without");
	send(p[0], "x", 1, 0);
	say("not reached");
	return 0;
}
