// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Pairs of all three types: streams run together, datagrams and packets do not.
//
// LINK: static-pie
#include "tnet.h"

int main(void)
{
	int type[] = { SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET }, s[2];
	char buf[16];
	for (int i = 0; i < 3; i++) {
		SHOW(socketpair(AF_UNIX, type[i] | SOCK_NONBLOCK, 0, s));
		SHOW(write(s[0], "ab", 2));
		SHOW(write(s[0], "cde", 3));
		SHOW(read(s[1], buf, sizeof buf));
		SHOW(read(s[1], buf, 2));
		SHOW(read(s[1], buf, sizeof buf));
		SHOW(write(s[1], "back", 4));
		SHOW(read(s[0], buf, sizeof buf));
		close(s[0]);
		SHOW(read(s[1], buf, sizeof buf));
		close(s[1]);
	}
	return 0;
}
