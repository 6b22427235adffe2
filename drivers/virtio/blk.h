// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A virtio disk (virtio 1.1, 5.2), one request at a time.
#ifndef DRIVERS_VIRTIO_BLK_H
#define DRIVERS_VIRTIO_BLK_H

#include <drivers/blockdev.h>
#include <drivers/virtio/virtio.h>

#define BLK_SERIAL_MAX 20

struct virtio_blk {
	struct blockdev dev;
	struct virtio v;
	struct virtio_queue q;
	void (*idle)(void);
	struct blk_head *head; // header and status of the request
	uint64_t head_pa;
	uint8_t *bounce;       // for data that is not in RAM, or not whole blocks
	uint64_t bounce_pa;
	uint32_t bounce_len;
	uint32_t request_max;  // bytes
	uint32_t block;        // bytes that the device reads and writes together
};

// Starts the disk; b->dev is it then. idle: sleeps until an interrupt, and not at all if one has
// come since it was called last; it may also return at any time. The disk is waited for as long as
// it takes. Gives 0, -EIO or -ENOMEM (b->v.why).
int virtio_blk_open(struct virtio_blk *b, const struct pc_device *d, struct dma *dma,
		    void (*idle)(void));

// The disk's serial number, as a string of printable characters; "" if it has none.
void virtio_blk_serial(struct virtio_blk *b, char serial[BLK_SERIAL_MAX + 1]);

#endif
