// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Hop limit and traffic class go along with one datagram and are told with it; the next has the
// socket's own again.
// NET: inet6
#include "tnet.h"

static void tell(int fd, const char *what)
{
	char data[8], control[256];
	struct iovec v = { data, sizeof(data) };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control };

	m.msg_controllen = sizeof(control);
	NEED(recvmsg(fd, &m, 0) > 0);
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
		say("%s: level %d type %d value %d", what, c->cmsg_level, c->cmsg_type, *(int *)CMSG_DATA(c));
}

static ssize_t send_with(int fd, int level, int type, int value, size_t len)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec v = { "x", 1 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = control };
	struct cmsghdr *c = (void *)control;

	m.msg_controllen = CMSG_LEN(len);
	*c = (struct cmsghdr){ .cmsg_level = level, .cmsg_type = type };
	c->cmsg_len = CMSG_LEN(len);
	*(int *)CMSG_DATA(c) = value;
	return sendmsg(fd, &m, 0);
}

int main(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t len = sizeof(a);
	int from = socket(AF_INET6, SOCK_DGRAM, 0), to = socket(AF_INET6, SOCK_DGRAM, 0), on = 1;

	NEED(!bind(to, (void *)&a, sizeof(a)) && !getsockname(to, (void *)&a, &len));
	NEED(!connect(from, (void *)&a, sizeof(a)));
	SHOW(setsockopt(to, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)));
	SHOW(setsockopt(to, IPPROTO_IPV6, IPV6_RECVTCLASS, &on, sizeof(on)));
	NEED(send(from, "x", 1, 0) == 1);
	tell(to, "plain");
	SHOW(send_with(from, IPPROTO_IPV6, IPV6_HOPLIMIT, 7, sizeof(int)));
	tell(to, "hop limit");
	SHOW(send_with(from, IPPROTO_IPV6, IPV6_TCLASS, 32, sizeof(int)));
	tell(to, "traffic class");
	NEED(send(from, "x", 1, 0) == 1);
	tell(to, "plain again");
	CHECK_ERR(send_with(from, IPPROTO_IPV6, IPV6_HOPLIMIT, 256, sizeof(int)), EINVAL);
	CHECK_ERR(send_with(from, IPPROTO_IPV6, IPV6_HOPLIMIT, 7, 1), EINVAL);
	return 0;
}
