// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between the sockets of AF_NETLINK (net/netlink.c) and what NETLINK_ROUTE tells
// (net/netlink_route.c). Formats: netlink(7), rtnetlink(7),
// include/uapi/linux/{netlink,rtnetlink,if_link,if_addr}.h.
//
// Questions are answered from the network as it is; nothing can be changed through netlink, and as
// nothing changes there are no events: groups can be joined and stay silent.
#ifndef NET_NETLINK_H
#define NET_NETLINK_H

#include <net/socket.h>

// An answer is a list of datagrams. Messages are added to the last one as long as they fit into
// what readers offer: glibc has a page.
#define NL_DATAGRAM 3584

struct nl_datagram {
	struct list link;
	uint32_t len, room;
	uint8_t data[];
};

struct nl_answer {
	struct list datagrams;
	uint32_t seq, pid;  // of who asks
	uint16_t flags;     // of all messages: NLM_F_MULTI in dumps
	uint32_t at;        // the message that is being made, in the last datagram
	bool failed;        // no memory
};

// nl_begin gives the place for the type's own header, zeroed; then come attributes; nl_end. At most
// NL_MESSAGE bytes together.
#define NL_MESSAGE 512
void *nl_begin(struct nl_answer *a, uint16_t type, size_t header);
void nl_attr(struct nl_answer *a, uint16_t type, const void *data, size_t len);
void nl_end(struct nl_answer *a);

// Answers a request of `len` bytes that begins with struct nlmsghdr, checked to be inside the
// message. Gives 0 (the answer is whole), or a negative errno for the error message.
int netlink_route(struct nl_answer *a, const void *request, size_t len);

#endif
