// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The host's side of the network: user mode (libslirp), a tap, or a named network. One instance has
// one.
//
//	netdev_open()     finds what is needed and says how the guest is to be configured
//	netdev_attach()   the rings are there
//	netdev_pump()     sends and receives what there is, without sleeping
//	netdev_pollfds(), ppoll(), netdev_polled()   to sleep: the caller's own descriptors in the
//first NETDEV_OTHERS places
//
// Everything that is read from the rings is the guest's and hostile: see include/pith/ring.h. A
// guest that breaks the rings' rules loses its network, nothing else.
#ifndef MONITOR_DEV_NETDEV_H
#define MONITOR_DEV_NETDEV_H

#include <poll.h>
#include <stdbool.h>

#include <host/failure.h>
#include <monitor/load.h>
#include <monitor/monitor.h>

#define NETDEV_OTHERS 16

struct netdev;

struct netdev_config {
	enum manifest_net kind;
	// NAME[,ip=ADDRESS/BITS][,gw=ADDRESS][,dns=ADDRESS]; without ip= the guest asks by DHCP
	const char *tap;
	const char *network;              // its name, for MANIFEST_NET_NAMED
	const struct monitor_port *ports; // to publish
	unsigned port_count;
	uint64_t memory;                  // of the instance: small ones get no large frames
	const char *hostname;
};

// Gives 0 with *out and *net filled in, or a negative errno with *why (-EADDRINUSE: a published
// port is in use; -EEXIST: the network has a member of this name). For MANIFEST_NET_NONE *out is a
// device that does nothing, and *net is not touched.
int netdev_open(const struct netdev_config *cfg, struct netdev **out, struct load_net *net,
		struct failure *why);

// Only how the guest would be configured: nothing is opened. kind: NONE, USER or TAP.
int netdev_describe(const struct netdev_config *cfg, struct load_net *net, struct failure *why);

void netdev_attach(struct netdev *d, const struct load_ring *rx, const struct load_ring *tx);

// True if something was received.
bool netdev_pump(struct netdev *d);

// Places for poll: [0, NETDEV_OTHERS) are the caller's (fd -1: unused; they come cleared), the rest
// is the network's. *ns is lowered to when the network wants to be looked at. Valid until the next
// call.
struct pollfd *netdev_pollfds(struct netdev *d, unsigned *count, uint64_t *ns);

// After the poll, whatever it gave. True if something was received.
bool netdev_polled(struct netdev *d);

// The descriptor of a tap, for a child that pumps itself (include/pith/pump.h), or -1.
int netdev_tap_fd(const struct netdev *d);

// The folders in the state directory from which netdev_close() takes what is this member's, or -1:
// *member for its file, *all for the folder of the network itself.
void netdev_folders(const struct netdev *d, int *member, int *all);

void netdev_close(struct netdev *d); // NULL is fine

#endif
