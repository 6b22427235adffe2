// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A netlink socket by hand: names, a request, its answer cut short, peeked at and whole.
// NET: yes
// LIBC: glibc
#include "tnet.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>

static struct {
	struct nlmsghdr h;
	struct ifinfomsg i;
} req = { { sizeof(req), RTM_GETLINK, NLM_F_REQUEST | NLM_F_ACK, 7, 0 }, { .ifi_index = 1 } };

int main(void)
{
	struct sockaddr_nl me = { .nl_family = AF_NETLINK }, from;
	socklen_t len = sizeof(me);
	struct pollfd p = { .events = POLLIN | POLLOUT };
	char buf[8192];
	struct nlmsghdr *h = (void *)buf;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	NEED(fd >= 0);
	CHECK(!bind(fd, (void *)&me, sizeof(me)));
	CHECK(!getsockname(fd, (void *)&me, &len) && me.nl_pid);
	CHECK_ERR(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), EAGAIN);
	p.fd = fd;
	SHOW(poll(&p, 1, 0) == 1 && p.revents == POLLOUT);
	CHECK(send(fd, &req, sizeof(req), 0) == sizeof(req));
	SHOW(poll(&p, 1, 1000) == 1 && p.revents == (POLLIN | POLLOUT));
	CHECK(recv(fd, buf, 10, MSG_PEEK) == 10);
	CHECK(recv(fd, NULL, 0, MSG_PEEK | MSG_TRUNC) > 10);
	len = sizeof(from);
	CHECK(recvfrom(fd, buf, sizeof(buf), 0, (void *)&from, &len) > (ssize_t)sizeof(req));
	CHECK(from.nl_family == AF_NETLINK && !from.nl_pid && len == sizeof(from));
	CHECK(h->nlmsg_type == RTM_NEWLINK && h->nlmsg_seq == 7 && h->nlmsg_pid == me.nl_pid);
	CHECK(!(h->nlmsg_flags & NLM_F_MULTI));
	CHECK(((struct ifinfomsg *)(h + 1))->ifi_index == 1);
	CHECK(recv(fd, buf, sizeof(buf), 0) > 0); // the acknowledgement
	CHECK(h->nlmsg_type == NLMSG_ERROR && ((struct nlmsgerr *)(h + 1))->error == 0);
	req.i.ifi_index = 4711;
	NEED(send(fd, &req, sizeof(req), 0) == sizeof(req));
	NEED(recv(fd, buf, sizeof(buf), 0) > 0);
	CHECK(h->nlmsg_type == NLMSG_ERROR && ((struct nlmsgerr *)(h + 1))->error == -ENODEV);
	return 0;
}
