// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Netlink sockets that cannot be, names that are wrong, messages that are cut off.
// NET: yes
// LIBC: glibc
// ERROR: yes
#include "tnet.h"
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

int main(void)
{
	struct sockaddr_nl a = { .nl_family = AF_NETLINK }, wrong = { .nl_family = AF_INET };
	struct nlmsghdr h = { .nlmsg_len = 4000, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST };
	char buf[256];
	int fd;

	CHECK_ERR(socket(AF_NETLINK, SOCK_STREAM, NETLINK_ROUTE), ESOCKTNOSUPPORT);
	CHECK_ERR(socket(AF_NETLINK, SOCK_RAW, 200), EPROTONOSUPPORT);
	NEED((fd = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE)) >= 0);
	CHECK_ERR(bind(fd, (void *)&wrong, sizeof(wrong)), EINVAL);
	CHECK_ERR(bind(fd, (void *)&a, 4), EINVAL);
	CHECK_ERR(listen(fd, 1), EOPNOTSUPP);
	CHECK_ERR(accept(fd, NULL, NULL), EOPNOTSUPP);
	CHECK_ERR(shutdown(fd, SHUT_RDWR), EOPNOTSUPP);
	CHECK_ERR(sendto(fd, &h, sizeof(h), 0, (void *)&wrong, sizeof(wrong)), EINVAL);
	CHECK(send(fd, &h, sizeof(h), 0) == sizeof(h)); // longer than it is: dropped
	CHECK_ERR(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), EAGAIN);
	CHECK(send(fd, &h, 3, 0) == 3);
	CHECK_ERR(recv(fd, buf, sizeof(buf), MSG_DONTWAIT), EAGAIN);
	CHECK_ERR(setsockopt(fd, 270, 999, &fd, sizeof(fd)), ENOPROTOOPT);
	CHECK_ERR(setsockopt(fd, 270, NETLINK_ADD_MEMBERSHIP, &fd, 0), EINVAL);
	return 0;
}
