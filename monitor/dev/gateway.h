// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The way out without privilege: libslirp is the gateway, name server and IPv6 router of a subnet
// of its own, turns a guest's connections into sockets of this process, and publishes ports. The
// library is opened only here, so nothing else pays for it.
//
// Frames are plain Ethernet, without struct net_header; what comes goes to the device's receiving
// ring by netdev_deliver().
#ifndef MONITOR_DEV_GATEWAY_H
#define MONITOR_DEV_GATEWAY_H

#include <monitor/dev/netdev_priv.h>

#define GATEWAY_MTU 1500

// Last bytes of addresses in the subnet, a /24.
#define GATEWAY_ROUTER 2
#define GATEWAY_NAME_SERVER 3

struct gateway_config {
	uint32_t subnet;     // IPv4, host order: the address that ends in 0
	uint8_t guest;       // the last byte of the guest's address
	const char *prefix6; // of IPv6, a /64, as text: "fec0::"
};

struct gateway;

// Gives 0 or a negative errno with *why (-EADDRINUSE: a port is in use).
int gateway_open(struct gateway **out, struct netdev *d, const struct gateway_config *subnet,
		 const struct netdev_config *cfg, struct failure *why);

// A frame of the guest's, which may not change any more.
void gateway_input(struct gateway *g, const uint8_t *frame, size_t len);

void gateway_fds(struct gateway *g, uint64_t *ns);
void gateway_polled(struct gateway *g);
void gateway_close(struct gateway *g); // NULL is fine

#endif
