// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A 9p server behind a virtio device (virtio type 9: QEMU's virtio-9p-pci and virtio-9p-device; the
// device is in virtio 1.2 by name only, and as Linux has it: net/9p/trans_virtio.c).
#ifndef DRIVERS_P9_VIRTIO_9P_H
#define DRIVERS_P9_VIRTIO_9P_H

#include <drivers/p9/p9.h>
#include <drivers/virtio/virtio.h>

#define VIRTIO_9P_TAG_MAX 39u /* struct pc_volume has no longer names */

#define VIRTIO_9P_REQUESTS 32u /* of 4 parts: as many as QEMU's queue of 128 takes */

struct virtio_9p {
	struct p9_transport transport; // the first
	struct virtio v;
	struct virtio_queue q;
	void (*idle)(void);
	uint64_t out_pa, in_pa; // of the memory for messages
	// Messages whose answers come later: by request, the memory and who waits for it.
	struct virtio_9p_small *small;
	uint64_t small_pa;
	struct p9 *fs;
	uint8_t slot[VIRTIO_9P_REQUESTS];
	unsigned later; // how many there are
	char tag[VIRTIO_9P_TAG_MAX + 1];
};

// Starts the device and reads its mount tag ("" if it has none). idle is as virtio_blk_open()'s.
// 0, -EIO or -ENOMEM (d->v.why).
int virtio_9p_open(struct virtio_9p *d, const struct pc_device *device, struct dma *dma,
		   void (*idle)(void));

// Hands on what has come later. True: something has.
bool virtio_9p_poll(struct virtio_9p *d);
// Asks for an interrupt if there is more to come; true: it is there already. Then disarm.
bool virtio_9p_arm(struct virtio_9p *d);

// Memory for messages, which all devices share: one message is under way at a time.
struct virtio_9p_memory {
	uint8_t *out, *in;
	uint64_t out_pa, in_pa;
};

// The device becomes fs's transport. 0 or -ENOMEM.
int virtio_9p_connect(struct virtio_9p *d, struct p9 *fs, struct virtio_9p_memory *memory);

#endif
