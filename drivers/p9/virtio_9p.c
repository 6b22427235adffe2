// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <drivers/p9/virtio_9p.h>

#include <core/klib.h>
#include <fs/abi.h>

// Linux: include/uapi/linux/virtio_9p.h.
#define F_MOUNT_TAG (1ull << 0)
#define CONFIG_TAG_LEN 0 // 16 bits
#define CONFIG_TAG 2

#define NO_SLOT 0xff
#define PARTS 4 // message and data, each way

struct virtio_9p_small {
	uint8_t out[P9_LATER_LEN], in[P9_LATER_LEN];
};

static void read_tag(struct virtio_9p *d)
{
	uint32_t len = virtio_has(&d->v, F_MOUNT_TAG) ? virtio_config(&d->v, CONFIG_TAG_LEN, 2) : 0;

	for (uint32_t i = 0; i < MIN(len, VIRTIO_9P_TAG_MAX); i++)
		d->tag[i] = (char)virtio_config(&d->v, CONFIG_TAG + i, 1);
}

// The next request that is done, which is over then; one that was sent with later() is handed on.
static int next(struct virtio_9p *d, uint32_t *len)
{
	int nr = virtio_next(&d->q, len);
	unsigned slot;

	if (nr < 0)
		return nr;
	slot = d->slot[nr];
	if (slot != NO_SLOT) {
		d->slot[nr] = NO_SLOT;
		d->later--;
		p9_came_later(d->fs, slot, d->small[nr].in, *len);
	}
	virtio_pop(&d->q);
	return nr;
}

// Nothing comes any more.
static int lost(struct virtio_9p *d)
{
	for (unsigned i = 0; i < VIRTIO_9P_REQUESTS; i++) {
		unsigned slot = d->slot[i];

		d->slot[i] = NO_SLOT;
		if (slot != NO_SLOT)
			p9_came_later(d->fs, slot, NULL, 0);
	}
	d->later = 0;
	return -EIO;
}

// Sleeps until a request is done.
static int wait_next(struct virtio_9p *d, uint32_t *len)
{
	int r;

	while ((r = next(d, len)) == -EAGAIN) {
		virtio_ack(&d->v);
		if (!virtio_arm(&d->q))
			d->idle();
	}
	virtio_disarm(&d->q);
	return r < 0 ? lost(d) : r;
}

static int64_t send(struct virtio_9p *d, const struct virtio_part *parts, unsigned out, unsigned in)
{
	uint32_t len;
	int nr, r = 0;

	while (r >= 0 && virtio_full(&d->q))
		r = wait_next(d, &len);
	nr = r < 0 ? r : virtio_add(&d->q, parts, out, in);
	if (nr < 0)
		return -EIO;
	virtio_kick(&d->q);
	do {
		r = wait_next(d, &len);
	} while (r >= 0 && r != nr);
	return r < 0 ? r : (int64_t)len;
}

static int64_t exchange(struct p9_transport *t, const struct p9_exchange *x)
{
	struct virtio_9p *d = (struct virtio_9p *)t;
	struct virtio_part parts[PARTS] = { { d->out_pa, x->out_len } };
	unsigned out = 1, in = 1;

	if (x->out_data_len)
		parts[out++] = (struct virtio_part){
			dma_ram(d->v.dma, x->out_data, x->out_data_len), x->out_data_len
		};
	parts[out] = (struct virtio_part){ d->in_pa, x->in_room };
	if (x->in_data_room)
		parts[out + in++] = (struct virtio_part){
			dma_ram(d->v.dma, x->in_data, x->in_data_room), x->in_data_room
		};
	for (unsigned i = 0; i < out + in; i++) {
		if (!parts[i].pa)
			return -EFAULT;
	}
	return send(d, parts, out, in);
}

static int later(struct p9_transport *t, struct p9 *fs, const uint8_t *out, uint32_t len,
		 unsigned slot)
{
	struct virtio_9p *d = (struct virtio_9p *)t;
	unsigned nr = d->q.next;
	uint64_t pa = d->small_pa + nr * sizeof(*d->small);
	struct virtio_part parts[2] = {
		{ pa + offsetof(struct virtio_9p_small, out), len },
		{ pa + offsetof(struct virtio_9p_small, in), P9_LATER_LEN },
	};

	// One stays free for what cannot wait.
	if (d->later + 2 > d->q.slots || virtio_full(&d->q))
		return -EAGAIN;
	memcpy(d->small[nr].out, out, len);
	if (virtio_add(&d->q, parts, 1, 1) != (int)nr)
		return -EAGAIN;
	d->fs = fs;
	d->slot[nr] = (uint8_t)slot;
	d->later++;
	virtio_kick(&d->q);
	return 0;
}

bool virtio_9p_poll(struct virtio_9p *d)
{
	bool came = false;
	uint32_t len;
	int r = 0;

	while (d->later && (r = next(d, &len)) >= 0)
		came = true;
	if (r < 0 && r != -EAGAIN) {
		lost(d);
		came = true;
	}
	return came;
}

bool virtio_9p_arm(struct virtio_9p *d)
{
	if (!d->later)
		return false;
	virtio_ack(&d->v);
	return virtio_arm(&d->q);
}

int virtio_9p_open(struct virtio_9p *d, const struct pc_device *device, struct dma *dma,
		   void (*idle)(void))
{
	int r;

	*d = (struct virtio_9p){ .transport = { exchange, later }, .idle = idle };
	memset(d->slot, NO_SLOT, sizeof(d->slot));
	r = virtio_open(&d->v, device, dma, F_MOUNT_TAG);
	if (!r)
		r = virtio_queue_open(&d->v, &d->q, 0, VIRTIO_9P_REQUESTS, PARTS);
	if (r)
		return r;
	d->small = dma_take(dma, d->q.slots * sizeof(*d->small), 8, &d->small_pa);
	if (!d->small)
		d->transport.later = NULL;
	read_tag(d);
	virtio_ready(&d->v);
	return 0;
}

int virtio_9p_connect(struct virtio_9p *d, struct p9 *fs, struct virtio_9p_memory *memory)
{
	if (!memory->out) {
		memory->out = dma_take(d->v.dma, 2 * P9_MESSAGE_MAX, 8, &memory->out_pa);
		memory->in = memory->out + P9_MESSAGE_MAX;
		memory->in_pa = memory->out_pa + P9_MESSAGE_MAX;
	}
	if (!memory->out)
		return -ENOMEM;
	d->out_pa = memory->out_pa;
	d->in_pa = memory->in_pa;
	fs->transport = &d->transport;
	fs->out = memory->out;
	fs->in = memory->in;
	return 0;
}
