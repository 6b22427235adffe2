// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See rng.h.
#include <core/klib.h>
#include <drivers/io.h>
#include <drivers/virtio/rng.h>

#define CHUNK 64u

int virtio_rng_open(struct virtio_rng *r, const struct pc_device *d, struct dma *dma)
{
	int err = virtio_open(&r->v, d, dma, 0);

	if (!err)
		err = virtio_queue_open(&r->v, &r->q, 0, 1, 1);
	if (err)
		return err;
	r->buffer = dma_take(dma, CHUNK, 1, &r->pa);
	if (!r->buffer)
		return virtio_lose(&r->v, "gets no memory for its buffer");
	virtio_ready(&r->v);
	return 0;
}

size_t virtio_rng_fill(struct virtio_rng *r, void *buf, size_t n, uint64_t ticks)
{
	uint64_t began = io_tsc();
	size_t done = 0;
	uint32_t len;

	while (done < n) {
		struct virtio_part part = { r->pa, (uint32_t)MIN(n - done, CHUNK) };

		virtio_add(&r->q, &part, 0, 1);
		virtio_kick(&r->q);
		while (virtio_next(&r->q, &len) < 0) {
			if (io_tsc() - began >= ticks)
				virtio_lose(&r->v, "does not answer");
			if (r->v.why)
				return done;
			io_pause();
		}
		memcpy((uint8_t *)buf + done, r->buffer, len);
		done += len;
		virtio_pop(&r->q);
		if (io_tsc() - began >= ticks)
			break;
	}
	return done;
}
