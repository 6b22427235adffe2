// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The other members of a named network, as one member's monitor sees them: a connected socket
// (SOCK_SEQPACKET, AF_UNIX) to each. The first record on it is a struct peer_hello from either
// side; each other is a struct net_header and a frame, as in the rings.
//
// A peer that does not read fast enough has what waits for it kept, up to PEER_BACKLOG bytes; more
// is dropped, so it never holds up anybody else. Whoever breaks the rules of the socket is no
// longer a peer. Frames are checked by the caller, going and coming.
#ifndef MONITOR_DEV_PEERS_H
#define MONITOR_DEV_PEERS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/uio.h>

#include <host/network.h>
#include <monitor/dev/netdev_priv.h>

#define PEER_MAGIC 0x31656e687469702eull // ".pithne1"
#define PEER_BACKLOG (2u << 20)
#define PEERS_SLOW 16 // peers at once for which something is kept
#define PEER_FRAME_MIN (sizeof(struct net_header) + 14 + 1500) // every member takes these
#define PEERS_MAX (NETWORK_LAST - NETWORK_FIRST + 1)
#define PEERS_WAITING 16 // that have come and not yet said who they are

struct peer_hello {
	uint64_t magic;
	uint32_t frame_max; // the largest record that may be sent there
	uint8_t number;
	char name[NETWORK_NAME_MAX + 1]; // terminated, zeros behind
	uint8_t pad[3];
};
_Static_assert(sizeof(struct peer_hello) == 80, "shared by monitors");

struct peer {
	int fd;
	uint8_t number;      // 0: has come, and not said hello yet
	bool heard;          // its hello has come
	uint32_t frame_max;
	char name[NETWORK_NAME_MAX + 1];
	int place;           // in the poll set, or -1
	struct ring_end in, out; // what waits for it: a private ring, made when it is needed
	unsigned long dropped;
};

struct peers {
	struct network net;
	uint32_t frame_max; // our own
	struct peer *list[PEERS_MAX + PEERS_WAITING];
	unsigned count, unknown; // all, and those without hello
	unsigned slow;           // those for which something is kept
	struct peer *by_number[NETWORK_LAST + 1];
	int listen_place;
};

// Joins the network and greets all who are there. Gives 0 or a negative errno with *why.
int peers_join(struct peers *p, const char *network, const char *name, uint32_t frame_max,
	       struct failure *why);
void peers_leave(struct peers *p);

// Parts of one record. Sent, kept or dropped.
void peer_send(struct peers *p, struct peer *to, const struct iovec *parts, unsigned count);

// Their descriptors, to be polled; `reading`: there is room for what comes.
void peers_fds(struct peers *p, struct netdev *d, bool reading);

// After the poll: takes newcomers, sends what has waited, and calls take() for each peer from which
// something can be read.
void peers_polled(struct peers *p, struct netdev *d, void (*take)(void *arg, struct peer *from),
		  void *arg);

// Reads one record. Gives its length; 0: nothing (any more); a record that is longer than `room` is
// lost, and gives its full length.
size_t peer_receive(struct peers *p, struct peer *from, void *to, size_t room);

#endif
