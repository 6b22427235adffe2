// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The host's side of the network rings over a tap, for every host: the monitor, and the process
// platform's guest half, which has no libc. The tap has IFF_VNET_HDR with headers of 12 bytes, so a
// record is exactly what one read or write moves: one call a frame. read and write are the
// includer's: bytes or a negative errno, never blocking.
//
// What the guest wrote goes to the tap as it is: whoever can send frames can send any frames, and
// the kernel checks headers itself. Only the ring's own rules are checked here; a guest that breaks
// them loses its network.
#ifndef PITH_PUMP_H
#define PITH_PUMP_H

#include <pith/net_header.h>
#include <pith/ring.h>

#define PUMP_BATCH                                                                                 \
	1024 /* records that one call moves each way, so that signals and the console get their    \
		turn */

struct pump_io {
	long (*read)(int fd, void *buf, unsigned long n);
	long (*write)(int fd, const void *buf, unsigned long n);
};

struct pump {
	struct ring_end tx, rx; // tx: the guest produces; rx: we do. ring NULL: absent or broken
	int fd;
	uint32_t frame_max;     // largest record that may come: header and frame
	unsigned long dropped;  // frames that the tap did not take
};

// Sends everything that is queued. A tap that is full drops, as a wire does.
static inline void pump_send(struct pump *p, const struct pump_io *io)
{
	struct ring_rec rec;
	uint8_t *at;
	int r = 0;

	for (int i = 0; p->tx.ring && i < PUMP_BATCH; i++) {
		r = ring_next(&p->tx, &rec, &at);
		if (r <= 0)
			break;
		if (rec.len > sizeof(struct net_header) && io->write(p->fd, at, rec.len) < 0)
			p->dropped++;
		ring_pop(&p->tx, &rec);
	}
	if (r < 0)
		p->tx.ring = NULL;
}

// Receives everything there is, as far as the ring has room. Gives the number of frames.
static inline int pump_receive(struct pump *p, const struct pump_io *io)
{
	int n = 0, err = 0;

	while (p->rx.ring && n < PUMP_BATCH) {
		uint8_t *at = ring_space(&p->rx, p->frame_max, &err);
		long got;

		if (!at)
			break;
		got = io->read(p->fd, at, p->frame_max);
		if (got <= 0)
			break;
		ring_push(&p->rx, (uint32_t)got, 0);
		n++;
	}
	if (err == RING_EPROTO)
		p->rx.ring = NULL;
	return n;
}

// Is there room for a frame? If not, waiting for the tap would not sleep.
static inline int pump_has_room(struct pump *p)
{
	int err;

	return p->rx.ring && ring_space(&p->rx, p->frame_max, &err) != NULL;
}

#endif
