// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The peer has gone: EPIPE, with what it had sent still to be read, and ECONNRESET if it left data
// unread.
//
// ERROR: yes
#include "tnet.h"

int main(void)
{
	int s[2];
	char buf[8];
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	SHOW(write(s[1], "left", 4));
	SHOW(close(s[1]));
	CHECK_ERR(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	SHOW(read(s[0], buf, 8));
	SHOW(read(s[0], buf, 8));
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	SHOW(write(s[0], "unread", 6));
	SHOW(close(s[1]));
	CHECK_ERR(read(s[0], buf, 8), ECONNRESET);
	SHOW(read(s[0], buf, 8));
	NEED(socketpair(AF_UNIX, SOCK_STREAM, 0, s) == 0);
	SHOW(shutdown(s[0], SHUT_WR));
	CHECK_ERR(send(s[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	SHOW(read(s[1], buf, 8));
	return 0;
}
