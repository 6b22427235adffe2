// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include <monitor/dev/frame.h>
#include <monitor/qemu/frames.h>

#define RING_BYTES (256u << 10) // of each; a power of two
#define BATCH 256               // frames in one turn
#define FRAME_MIN 14            // an Ethernet header
#define FRAME_ROOM 2048         // QEMU offers no segmentation here: nothing is longer than an MTU

int frames_open(struct qemu_frames *f, int fd, struct load_ring *rx, struct load_ring *tx)
{
	const size_t each = sizeof(struct ring) + RING_BYTES;
	struct ring *ring[2];

	f->fd = -1;
	f->memory = aligned_alloc(64, 2 * each);
	if (!f->memory)
		return -ENOMEM;
	memset(f->memory, 0, 2 * each);
	ring[0] = f->memory;
	ring[1] = (struct ring *)((uint8_t *)f->memory + each);
	f->fd = fd;
	f->tx = (struct ring_end){ .ring = ring[0], .size = RING_BYTES };
	f->rx = (struct ring_end){ .ring = ring[1], .size = RING_BYTES };
	*tx = (struct load_ring){ .ring = ring[0], .size = RING_BYTES };
	*rx = (struct load_ring){ .ring = ring[1], .size = RING_BYTES };
	return 0;
}

void frames_close(struct qemu_frames *f)
{
	free(f->memory);
	f->memory = NULL;
}

// Without room the rest waits in the socket. What is longer than a frame can be is cut, and then no
// network takes it.
bool frames_receive(struct qemu_frames *f)
{
	const struct net_header none = { .num_buffers = 1 };
	bool any = false;
	int err;

	for (int i = 0; i < BATCH; i++) {
		uint8_t *at = ring_space(&f->tx, sizeof(none) + FRAME_ROOM, &err);
		ssize_t n = at ? read(f->fd, at + sizeof(none), FRAME_ROOM) : -1;

		if (n < 0) {
			if (at && errno != EAGAIN && errno != EINTR)
				f->fd = -1;
			break;
		}
		if (n < FRAME_MIN)
			continue;
		memcpy(at, &none, sizeof(none));
		ring_push(&f->tx, (uint32_t)(sizeof(none) + (size_t)n), 0);
		any = true;
	}
	return any;
}

// The ring is this process's own, so what is in it may be changed.
static void finish(const struct qemu_frames *f, uint8_t *record, uint32_t len)
{
	const struct net_header *h = (const struct net_header *)record;

	if (f->checksums && len > sizeof(*h) && h->flags & NET_HDR_DATA_VALID)
		frame_checksum(record + sizeof(*h), len - sizeof(*h));
}

bool frames_send(struct qemu_frames *f)
{
	struct ring_rec rec;
	uint8_t *at;

	while (ring_next(&f->rx, &rec, &at) == 1) {
		finish(f, at, rec.len);
		if (rec.len > sizeof(struct net_header) &&
		    write(f->fd, at + sizeof(struct net_header),
			  rec.len - sizeof(struct net_header)) < 0 &&
		    (errno == EAGAIN || errno == ENOBUFS))
			return false;
		ring_pop(&f->rx, &rec);
	}
	return true;
}
