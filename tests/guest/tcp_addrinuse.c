// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A port that is listened on is taken, with SO_REUSEADDR too; after closing it is free.
//
// NET: yes
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int listener = bound_socket(AF_INET, SOCK_STREAM), on = 1;
	struct sockaddr_in a = addr4(port_of(listener)), any = a;
	any.sin_addr.s_addr = INADDR_ANY;
	int s = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_ERR(bind(s, SA(&a), sizeof a), EADDRINUSE);
	CHECK_ERR(bind(s, SA(&any), sizeof any), EADDRINUSE);
	SHOW(setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on));
	CHECK_ERR(bind(s, SA(&a), sizeof a), EADDRINUSE);
	SHOW(close(listener));
	SHOW(bind(s, SA(&a), sizeof a));
	SHOW(listen(s, 1));
	return 0;
}
