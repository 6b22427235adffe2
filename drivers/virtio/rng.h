// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A virtio source of randomness (virtio 1.1, 5.4).
#ifndef DRIVERS_VIRTIO_RNG_H
#define DRIVERS_VIRTIO_RNG_H

#include <drivers/virtio/virtio.h>

struct virtio_rng {
	struct virtio v;
	struct virtio_queue q;
	const uint8_t *buffer;
	uint64_t pa;
};

// Gives 0, -EIO or -ENOMEM (r->v.why).
int virtio_rng_open(struct virtio_rng *r, const struct pc_device *d, struct dma *dma);

// Random bytes from the host. Gives how many came within so many ticks of the TSC: n, or fewer, and
// the device is lost then.
size_t virtio_rng_fill(struct virtio_rng *r, void *buf, size_t n, uint64_t ticks);

#endif
