// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <drivers/p9/virtio_9p.h>

#include <core/klib.h>
#include <fs/abi.h>

// Linux: include/uapi/linux/virtio_9p.h.
#define F_MOUNT_TAG (1ull << 0)
#define CONFIG_TAG_LEN 0 // 16 bits
#define CONFIG_TAG 2

#define PARTS 4 // message and data, each way
#define REQUESTS 1

static void read_tag(struct virtio_9p *d)
{
	uint32_t len = virtio_has(&d->v, F_MOUNT_TAG) ? virtio_config(&d->v, CONFIG_TAG_LEN, 2) : 0;

	for (uint32_t i = 0; i < MIN(len, VIRTIO_9P_TAG_MAX); i++)
		d->tag[i] = (char)virtio_config(&d->v, CONFIG_TAG + i, 1);
}

static int64_t exchange(struct p9_transport *t, const struct p9_exchange *x)
{
	struct virtio_9p *d = (struct virtio_9p *)t;
	struct virtio_part parts[PARTS] = { { d->out_pa, x->out_len } };
	unsigned out = 1, in = 1;
	uint32_t len;
	int r;

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
	r = virtio_add(&d->q, parts, out, in);
	if (r < 0)
		return -EIO;
	virtio_kick(&d->q);
	while ((r = virtio_next(&d->q, &len)) == -EAGAIN) {
		virtio_ack(&d->v);
		if (!virtio_arm(&d->q))
			d->idle();
	}
	virtio_disarm(&d->q);
	if (r < 0)
		return r;
	virtio_pop(&d->q);
	return len;
}

int virtio_9p_open(struct virtio_9p *d, const struct pc_device *device, struct dma *dma,
		   void (*idle)(void))
{
	int r;

	*d = (struct virtio_9p){ .transport = { exchange }, .idle = idle };
	r = virtio_open(&d->v, device, dma, F_MOUNT_TAG);
	if (!r)
		r = virtio_queue_open(&d->v, &d->q, 0, REQUESTS, PARTS);
	if (r)
		return r;
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
