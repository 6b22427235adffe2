// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See blk.h. A request is a header, data and a byte of status. Data that lies in RAM goes straight
// from there and to there, everything else by way of `bounce`.
#include <asm-generic/errno.h>

#include <core/klib.h>
#include <drivers/virtio/blk.h>

// Virtio 1.1, 5.2.3 to 5.2.6.
#define F_SIZE_MAX (1ull << 1)
#define F_RO (1ull << 5)
#define F_BLK_SIZE (1ull << 6)
#define F_FLUSH (1ull << 9)
#define CONFIG_CAPACITY 0
#define CONFIG_SIZE_MAX 8
#define CONFIG_BLK_SIZE 20
#define T_IN 0
#define T_OUT 1
#define T_FLUSH 4
#define T_GET_ID 8
#define S_OK 0

#define REQUEST_MAX (1u << 20)
#define BLOCK_MAX 4096u
#define BOUNCE_MUCH 65536u // where there is memory
#define BOUNCE_LITTLE BLOCK_MAX

struct blk_head {
	uint32_t type, reserved;
	uint64_t sector;
	uint8_t status;
};
#define HEADER_LEN 16

static struct virtio_blk *of(struct blockdev *d)
{
	return container_of(d, struct virtio_blk, dev);
}

static int wait_answer(struct virtio_blk *b)
{
	uint32_t unused;
	int r;

	while ((r = virtio_next(&b->q, &unused)) == -EAGAIN) {
		virtio_ack(&b->v);
		if (!virtio_arm(&b->q))
			b->idle();
	}
	virtio_disarm(&b->q);
	return r;
}

static int request(struct virtio_blk *b, uint32_t type, uint64_t sector, uint64_t pa, uint32_t len)
{
	bool in = type == T_IN || type == T_GET_ID;
	struct virtio_part parts[3] = { { b->head_pa, HEADER_LEN } };
	unsigned n = 1;

	*b->head = (struct blk_head){ .type = type, .sector = sector, .status = 0xff };
	if (len)
		parts[n++] = (struct virtio_part){ pa, len };
	parts[n++] = (struct virtio_part){ b->head_pa + offsetof(struct blk_head, status), 1 };
	if (virtio_add(&b->q, parts, in ? 1 : n - 1, in ? n - 1 : 1) < 0)
		return -EIO;
	virtio_kick(&b->q);
	if (wait_answer(b) < 0)
		return -EIO;
	virtio_pop(&b->q);
	return *(volatile uint8_t *)&b->head->status == S_OK ? 0 : -EIO;
}

// At most one bounce buffer, from the middle of a block to the middle of another. Gives the bytes
// that were moved, or -EIO.
static ssize_t move_bounced(struct virtio_blk *b, uint64_t sector, uint8_t *in, const uint8_t *out,
			    size_t len)
{
	uint32_t skip = (uint32_t)(sector * SECTOR_SIZE & (b->block - 1)), all;
	size_t n = MIN(len, b->bounce_len - skip);
	int r = 0;

	sector -= skip / SECTOR_SIZE;
	all = ALIGN_UP(skip + (uint32_t)n, b->block);
	if (in || all != n)
		r = request(b, T_IN, sector, b->bounce_pa, all);
	if (!r && in)
		memcpy(in, b->bounce + skip, n);
	if (!r && out) {
		memcpy(b->bounce + skip, out, n);
		r = request(b, T_OUT, sector, b->bounce_pa, all);
	}
	return r ? r : (ssize_t)n;
}

static int move(struct virtio_blk *b, uint64_t sector, uint8_t *in, const uint8_t *out, size_t len)
{
	if (len % SECTOR_SIZE || sector > b->dev.sectors ||
	    len / SECTOR_SIZE > b->dev.sectors - sector)
		return -EINVAL;
	while (len) {
		uint32_t n = (uint32_t)MIN(len, b->request_max);
		uint64_t pa = dma_ram(b->v.dma, in ? in : out, n);
		ssize_t r;

		if (pa && !((sector * SECTOR_SIZE | n) & (b->block - 1))) {
			r = request(b, in ? T_IN : T_OUT, sector, pa, n);
			r = r ? r : n;
		} else {
			r = move_bounced(b, sector, in, out, n);
		}
		if (r < 0)
			return (int)r;
		in += in ? r : 0;
		out += out ? r : 0;
		len -= (size_t)r;
		sector += (size_t)r / SECTOR_SIZE;
	}
	return 0;
}

static int blk_read(struct blockdev *d, uint64_t sector, void *buf, size_t len)
{
	return move(of(d), sector, buf, NULL, len);
}

static int blk_write(struct blockdev *d, uint64_t sector, const void *buf, size_t len)
{
	return d->readonly ? -EROFS : move(of(d), sector, NULL, buf, len);
}

// A disk without FLUSH writes through.
static int blk_flush(struct blockdev *d)
{
	return virtio_has(&of(d)->v, F_FLUSH) ? request(of(d), T_FLUSH, 0, 0, 0) : 0;
}

void virtio_blk_serial(struct virtio_blk *b, char serial[BLK_SERIAL_MAX + 1])
{
	unsigned n = 0;

	if (!request(b, T_GET_ID, 0, b->bounce_pa, BLK_SERIAL_MAX)) {
		memcpy(serial, b->bounce, BLK_SERIAL_MAX);
		while (n < BLK_SERIAL_MAX && serial[n] > ' ' && serial[n] < 127)
			n++;
	}
	serial[n] = 0;
}

// What the device says of itself.
static int describe(struct virtio_blk *b)
{
	const struct virtio *v = &b->v;
	uint32_t max = virtio_has(v, F_SIZE_MAX) ? virtio_config(v, CONFIG_SIZE_MAX, 4) : 0;

	b->block = virtio_has(v, F_BLK_SIZE) ? virtio_config(v, CONFIG_BLK_SIZE, 4) : SECTOR_SIZE;
	if (b->block < SECTOR_SIZE || b->block > BLOCK_MAX || (b->block & (b->block - 1)))
		return virtio_lose(&b->v, "has blocks of other than 512 to 4096 bytes");
	if (max && max < BLOCK_MAX)
		return virtio_lose(&b->v, "takes less than 4096 bytes at once");
	b->request_max = max && max < REQUEST_MAX ? ALIGN_DOWN(max, b->block) : REQUEST_MAX;
	b->bounce_len = dma_left(v->dma) >= 4 * BOUNCE_MUCH ? BOUNCE_MUCH : BOUNCE_LITTLE;
	b->bounce_len = MIN(b->bounce_len, b->request_max);
	// No size that, in bytes, is more than 64 bits tell.
	b->dev.sectors = MIN(virtio_config64(v, CONFIG_CAPACITY), UINT64_MAX / SECTOR_SIZE);
	b->dev.readonly = virtio_has(v, F_RO);
	return 0;
}

int virtio_blk_open(struct virtio_blk *b, const struct pc_device *d, struct dma *dma,
		    void (*idle)(void))
{
	int r;

	*b = (struct virtio_blk){ .dev = { .read = blk_read, .write = blk_write, .flush = blk_flush },
				  .idle = idle };
	r = virtio_open(&b->v, d, dma, F_SIZE_MAX | F_RO | F_BLK_SIZE | F_FLUSH);
	if (!r)
		r = virtio_queue_open(&b->v, &b->q, 0, 1, 3);
	if (!r)
		r = describe(b);
	if (r)
		return r;
	b->head = dma_take(dma, sizeof(*b->head), 16, &b->head_pa);
	b->bounce = dma_take(dma, b->bounce_len, SECTOR_SIZE, &b->bounce_pa);
	if (!b->head || !b->bounce)
		return virtio_lose(&b->v, "gets no memory for its buffers");
	virtio_ready(&b->v);
	return 0;
}
