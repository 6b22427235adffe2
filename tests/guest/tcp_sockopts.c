// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Options read back as set.
//
// NET: yes
#include "tnet.h"

static void flag(const char *name, int fd, int level, int option)
{
	int value = 77, on = 1;
	socklen_t len = sizeof value;
	NEED(getsockopt(fd, level, option, &value, &len) == 0);
	int before = !!value;
	NEED(setsockopt(fd, level, option, &on, sizeof on) == 0);
	NEED(getsockopt(fd, level, option, &value, &len) == 0);
	say("%s: %d, then %d", name, before, !!value);
}

int main(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0), value = 0, size = 65536;
	socklen_t len = sizeof value;
	flag("SO_REUSEADDR", s, SOL_SOCKET, SO_REUSEADDR);
	flag("SO_KEEPALIVE", s, SOL_SOCKET, SO_KEEPALIVE);
	flag("TCP_NODELAY", s, IPPROTO_TCP, TCP_NODELAY);
	SHOW(getsockopt(s, SOL_SOCKET, SO_TYPE, &value, &len));
	SHOW(value == SOCK_STREAM);
	SHOW(getsockopt(s, SOL_SOCKET, SO_DOMAIN, &value, &len));
	SHOW(value == AF_INET);
	SHOW(getsockopt(s, SOL_SOCKET, SO_PROTOCOL, &value, &len));
	SHOW(value == IPPROTO_TCP);
	SHOW(getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &value, &len));
	SHOW(value);
	SHOW(setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size));
	SHOW(setsockopt(s, SOL_SOCKET, SO_SNDBUF, &size, sizeof size));
	SHOW(getsockopt(s, SOL_SOCKET, SO_SNDBUF, &value, &len));
	CHECK(value > 0);
	SHOW(listen(s, 1));
	SHOW(getsockopt(s, SOL_SOCKET, SO_ACCEPTCONN, &value, &len));
	SHOW(value);
	return 0;
}
