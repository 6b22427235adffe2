// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Between netdev.c and the kinds of network.
#ifndef MONITOR_DEV_NETDEV_PRIV_H
#define MONITOR_DEV_NETDEV_PRIV_H

#include <pith/pump.h>
#include <monitor/dev/netdev.h>

struct netdev_ops {
	void (*pump)(struct netdev *d);                  // sends, receives; counts in d->received
	// adds its descriptors with netdev_add_fd()
	void (*fds)(struct netdev *d, uint64_t *ns);
	void (*polled)(struct netdev *d);                // d->fds has the answers
	void (*close)(struct netdev *d);
	void (*folders)(const struct netdev *d, int *member, int *all); // NULL: has none
};

struct netdev {
	const struct netdev_ops *ops;
	struct pump pump;        // the rings; fd is the tap's or -1
	struct pollfd *fds;
	unsigned fd_count, fd_room;
	unsigned long received;
	void *state;             // of the kind
};

// Of memory: below, the rings are too small for frames of many segments (loader/load.c).
#define NETDEV_LARGE_FROM (16ul << 20)

// Adds a descriptor to be polled. Gives its index, or -1: no memory.
int netdev_add_fd(struct netdev *d, int fd, short events);

// Puts a frame (len bytes behind the header) into the guest's receiving ring; without room for it
// it is dropped.
void netdev_deliver(struct netdev *d, const struct net_header *h, const void *frame, size_t len);

// The guest's IPv4 configuration in a subnet of a gateway: monitor/dev/gateway.h.
void netdev_address(struct load_net *net, uint32_t subnet, uint8_t last);

// The parts of opening that only say how the guest is configured.
int netdev_tap_describe(const struct netdev_config *cfg, struct load_net *net, struct failure *why);
int netdev_user_describe(const struct netdev_config *cfg, struct load_net *net,
			 struct failure *why);

int netdev_tap_open(struct netdev *d, const struct netdev_config *cfg, struct load_net *net,
		    struct failure *why);
int netdev_user_open(struct netdev *d, const struct netdev_config *cfg, struct load_net *net,
		     struct failure *why);
int netdev_named_open(struct netdev *d, const struct netdev_config *cfg, struct load_net *net,
		      struct failure *why);

// A locally administered address that is the same for the same name (an instance that is started
// again keeps it), else at random.
void netdev_mac(uint8_t mac[6], const char *name);

#endif
