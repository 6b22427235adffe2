// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Virtio devices, from the driver's side (virtio 1.1): a device behind its transport (MMIO of both
// versions, PCI modern and legacy), and split virtqueues. Drivers of device types are in files of
// their own.
//
// The order of a driver's start:
//
//	virtio_open()         reset, features; ours are what both sides want
//	virtio_queue_open()   for each queue
//	virtio_ready()        the device works from here on
//	virtio_add() ...      buffers, then virtio_kick()
//
// Nothing that a device says is believed: virtio_next() is the one place where the used ring is
// copied and checked. A device that lies, or that cannot be used, is lost: it is reset, its status
// is FAILED, all calls give -EIO or -EAGAIN, and `why` says why, for a message that the platform
// makes when it can (no driver writes to the console, which may be a device itself).
//
// Interrupts only wake a sleeper. Queues ask for none until virtio_arm(), which is called when
// there is nothing else to do; what it says must be looked at before the platform sleeps:
//
//	virtio_ack(v); for each queue: any |= virtio_arm(q); if (!any) sleep; virtio_disarm(q) ...
//
// An interrupt may come between virtio_arm() and the sleep: the platform must then not sleep.
#ifndef DRIVERS_VIRTIO_H
#define DRIVERS_VIRTIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drivers/dma.h>
#include <pith/pc.h>

// Features that are the transport's business (virtio 1.1, 6). All else is the driver's.
#define VIRTIO_F_ANY_LAYOUT (1ull << 27) // legacy: headers need no descriptor of their own
#define VIRTIO_F_EVENT_IDX (1ull << 29)
#define VIRTIO_F_VERSION_1 (1ull << 32)
#define VIRTIO_F_ACCESS_PLATFORM (1ull << 33)

struct virtio_layout;

struct virtio {
	const struct pc_device *device;
	struct dma *dma;
	const struct virtio_layout *layout; // of its registers (registers.c)
	uint64_t features;                  // what both sides agreed on
	const char *why;                    // NULL: in order. Else it is lost, and this is the reason
	bool ready;
};

// A piece of memory in a request.
struct virtio_part {
	uint64_t pa;
	uint32_t len;
};

// Requests are in slots, `chain` descriptors each, which are used in turn. A request's number is
// that of its slot. Free-running counters: added - taken requests are with the device.
struct virtio_queue {
	struct virtio *v;
	struct virtio_desc *desc;
	uint16_t *avail;  // flags, index, ring[size], used_event
	uint16_t *used;   // flags, index, ring[size] of struct virtio_used, avail_event
	uint32_t *room;   // by slot: 1 + the bytes that the device may write; 0: it is free
	uintptr_t notify; // address or port
	uint16_t index, size;
	uint16_t slots, chain;
	uint16_t next;    // slot for the next virtio_add()
	uint16_t added, taken;
	uint16_t told;    // `added` at the last kick
	uint16_t current; // slot of what virtio_next() gave
};

// Resets the device and agrees on features: VERSION_1 where the transport is modern, EVENT_IDX, and
// those of `wanted` that it offers. Gives 0 or -EIO (v->why). Where features depend on each other
// it is done in two steps: after virtio_reset() v->features are what the device offers.
int virtio_open(struct virtio *v, const struct pc_device *d, struct dma *dma, uint64_t wanted);
int virtio_reset(struct virtio *v, const struct pc_device *d, struct dma *dma);
int virtio_agree(struct virtio *v, uint64_t wanted);

static inline bool virtio_has(const struct virtio *v, uint64_t feature)
{
	return v->features & feature;
}

// Makes queue `index` for `slots` requests of up to `chain` parts each, or fewer if the device does
// not take so many: q->slots. Takes about 30 bytes of memory for each part, for legacy devices
// whole pages, and on legacy PCI as much as the device demands. Gives 0 or -EIO, -ENOMEM (v->why).
int virtio_queue_open(struct virtio *v, struct virtio_queue *q, unsigned index, unsigned slots,
		      unsigned chain);

// DRIVER_OK.
void virtio_ready(struct virtio *v);

// The device is not used any more. Gives -EIO. `why` is what one says of it: "cannot be reset".
int virtio_lose(struct virtio *v, const char *why);

// The device that was lost at work, after virtio_ready(), and why; the last of several. NULL: none
// was since it was asked last.
const struct pc_device *virtio_lost(const char **why);

// A field of the device's configuration: width 1, 2 or 4. What is beyond its end is 0.
uint32_t virtio_config(const struct virtio *v, unsigned off, unsigned width);
uint64_t virtio_config64(const struct virtio *v, unsigned off);

// Queues a request: `out` parts that the device reads, then `in` parts that it writes; together at
// most q->chain and at least one, each of at least a byte, less than 4 GiB in all. Gives its
// number, or -EAGAIN: there is no room (or the device is lost). The device may begin at once, and
// does after virtio_kick().
int virtio_add(struct virtio_queue *q, const struct virtio_part *parts, unsigned out, unsigned in);

// The next request that the device is done with: its number, and in *len the bytes that it says it
// has written, never more than it was given. -EAGAIN: none. -EIO: lost, now or before. What the
// device wrote stays shared: copy what you check. Then either
//   virtio_pop(): the request is over, its slot free, or
//   virtio_again(): the device gets the same request once more (after virtio_kick()).
int virtio_next(struct virtio_queue *q, uint32_t *len);
void virtio_pop(struct virtio_queue *q);
void virtio_again(struct virtio_queue *q);

// Would virtio_add() give -EAGAIN? If not, q->next is the number that it gives.
static inline bool virtio_full(const struct virtio_queue *q)
{
	return q->v->why || q->room[q->next];
}

// Tells the device of what was added, if it wants to know.
void virtio_kick(struct virtio_queue *q);

// Asks for an interrupt when the next request is done. True: one is already, and there may be no
// interrupt.
bool virtio_arm(struct virtio_queue *q);
void virtio_disarm(struct virtio_queue *q);
// Takes back the device's interrupt line, so that the next interrupt is an edge. Before
// virtio_arm().
void virtio_ack(struct virtio *v);

#endif
