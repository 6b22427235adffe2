// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sockets for the conformance set: everything on loopback, ports chosen by the system, so that
// tests run side by side.
#pragma once

#include "t.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>

#define SA(a) ((struct sockaddr *)(a))

static T_UNUSED struct sockaddr_in addr4(int port)
{
	struct sockaddr_in a;
	memset(&a, 0, sizeof a);
	a.sin_family = AF_INET;
	a.sin_port = htons(port);
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return a;
}

static T_UNUSED struct sockaddr_in6 addr6(int port)
{
	struct sockaddr_in6 a;
	memset(&a, 0, sizeof a);
	a.sin6_family = AF_INET6;
	a.sin6_port = htons(port);
	a.sin6_addr = in6addr_loopback;
	return a;
}

static T_UNUSED int port_of(int fd)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	NEED(getsockname(fd, SA(&a), &len) == 0);
	return ntohs(a.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&a)->sin6_port : ((struct sockaddr_in *)&a)->sin_port);
}

// A socket of the family and type bound to loopback; TCP listens.
static T_UNUSED int bound_socket(int family, int type)
{
	struct sockaddr_in a = addr4(0);
	struct sockaddr_in6 a6 = addr6(0);
	int fd = socket(family, type, 0);
	NEED(fd >= 0);
	NEED(bind(fd, family == AF_INET6 ? SA(&a6) : SA(&a), family == AF_INET6
			? sizeof a6 : sizeof a) == 0);
	if ((type & 15) == SOCK_STREAM)
		NEED(listen(fd, 16) == 0);
	return fd;
}

static T_UNUSED int connect_to(int port)
{
	struct sockaddr_in a = addr4(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	NEED(fd >= 0);
	NEED(connect(fd, SA(&a), sizeof a) == 0);
	return fd;
}

// Two connected TCP sockets over 127.0.0.1: pair[0] connected, pair[1] was accepted.
static T_UNUSED void tcp_pair(int pair[2])
{
	int listener = bound_socket(AF_INET, SOCK_STREAM);
	pair[0] = connect_to(port_of(listener));
	pair[1] = accept(listener, NULL, NULL);
	NEED(pair[1] >= 0);
	close(listener);
}

static T_UNUSED void write_all(int fd, const void *data, size_t len)
{
	for (size_t done = 0; done < len;) {
		ssize_t n = write(fd, (const char *)data + done, len - done);
		NEED(n > 0);
		done += n;
	}
}

// Reads until `len` bytes or the end; the count.
static T_UNUSED size_t read_all(int fd, void *data, size_t len)
{
	size_t done = 0;
	while (done < len) {
		ssize_t n = read(fd, (char *)data + done, len - done);
		NEED(n >= 0);
		if (n == 0)
			break;
		done += n;
	}
	return done;
}

// Waits until the descriptor shows one of `events`; what it showed.
static T_UNUSED int wait_for(int fd, int events)
{
	struct pollfd p = { fd, (short)events, 0 };
	NEED(poll(&p, 1, 5000) == 1);
	return p.revents;
}
