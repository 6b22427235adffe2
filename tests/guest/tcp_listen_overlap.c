// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where somebody listens, nobody else binds to a part or to the whole of it: every address and one, IPv4 and the IPv6 socket
// that takes IPv4 too. SO_REUSEADDR does not change that.
//
// NET: inet6
// ERROR: yes
#include "tnet.h"

static int fresh(int family, int v6only)
{
	int fd = socket(family, SOCK_STREAM, 0), on = 1;

	NEED(fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0);
	NEED(family == AF_INET || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof v6only) == 0);
	return fd;
}

static int bind4(int fd, in_addr_t to, int port)
{
	struct sockaddr_in a = addr4(port);

	a.sin_addr.s_addr = htonl(to);
	return bind(fd, SA(&a), sizeof a);
}

static int bind6(int fd, struct in6_addr to, int port)
{
	struct sockaddr_in6 a = addr6(port);

	a.sin6_addr = to;
	return bind(fd, SA(&a), sizeof a);
}

int main(void)
{
	int all4 = fresh(AF_INET, 0), dual = fresh(AF_INET6, 0), port;

	NEED(bind4(all4, INADDR_ANY, 0) == 0 && listen(all4, 4) == 0);
	port = port_of(all4);
	CHECK_ERR(bind4(fresh(AF_INET, 0), INADDR_ANY, port), EADDRINUSE);
	CHECK_ERR(bind4(fresh(AF_INET, 0), INADDR_LOOPBACK, port), EADDRINUSE);
	CHECK_ERR(bind6(fresh(AF_INET6, 0), in6addr_any, port), EADDRINUSE);
	CHECK(bind6(fresh(AF_INET6, 1), in6addr_any, port) == 0);
	CHECK(bind6(fresh(AF_INET6, 1), in6addr_loopback, port) == 0);

	NEED(bind6(dual, in6addr_any, 0) == 0 && listen(dual, 4) == 0);
	port = port_of(dual);
	CHECK_ERR(bind4(fresh(AF_INET, 0), INADDR_ANY, port), EADDRINUSE);
	CHECK_ERR(bind4(fresh(AF_INET, 0), INADDR_LOOPBACK, port), EADDRINUSE);
	CHECK_ERR(bind6(fresh(AF_INET6, 1), in6addr_any, port), EADDRINUSE);
	CHECK_ERR(bind6(fresh(AF_INET6, 1), in6addr_loopback, port), EADDRINUSE);

	// Both bound while nobody listened: the first to listen has it.
	int a = fresh(AF_INET, 0), b = fresh(AF_INET6, 0);
	NEED(bind4(a, INADDR_ANY, 0) == 0);
	CHECK(bind6(b, in6addr_any, port_of(a)) == 0);
	CHECK(listen(b, 4) == 0);
	CHECK_ERR(listen(a, 4), EADDRINUSE);

	// Gone with its listener.
	NEED(close(dual) == 0);
	CHECK(bind4(fresh(AF_INET, 0), INADDR_ANY, port) == 0);
	return 0;
}
