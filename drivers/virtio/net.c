// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See net.h.
#include <asm-generic/errno.h>

#include <core/klib.h>
#include <drivers/io.h>
#include <drivers/virtio/net.h>
#include <pith/net_header.h>
#include <pith/pump.h>

// Virtio 1.1, 5.1.3.
#define F_CSUM (1ull << 0)
#define F_GUEST_CSUM (1ull << 1)
#define F_MTU (1ull << 3)
#define F_MAC (1ull << 5)
#define F_GUEST_TSO (3ull << 7)  // IPv4 and IPv6
#define F_HOST_TSO (3ull << 11)
#define F_MRG_RXBUF (1ull << 15)

#define CONFIG_MAC 0 // 5.1.4
#define CONFIG_MTU 10

#define HEADER ((uint32_t)sizeof(struct net_header))
#define OLD_HEADER 10 // without num_buffers
#define ETHERNET_HEADER 14
#define ETHERNET_MTU 1500
#define MTU_MIN 1280 // what IPv6 needs

#define MUCH (640u << 10) // of memory: then there is enough for large frames
#define SOME (128u << 10)
#define LARGE_FRAME (HEADER + NET_FRAME_MAX)

static bool all(const struct virtio_net *n, uint64_t features)
{
	return (n->v.features & features) == features;
}

// What we want of what the device offers. Large frames come in merged buffers only, and checksums
// are part of them.
static uint64_t choose(uint64_t offered, const struct dma *dma, const struct boot_net *net)
{
	bool much = dma_left(dma) >= MUCH && (offered & F_MRG_RXBUF);
	uint64_t f = F_CSUM | F_GUEST_CSUM | F_MAC | F_MRG_RXBUF | VIRTIO_F_ANY_LAYOUT;

	if (much)
		f |= F_MTU;
	if (much && (offered & F_GUEST_CSUM) && ring_max(net->rx.size) >= LARGE_FRAME)
		f |= F_GUEST_TSO;
	if ((offered & F_CSUM) && ring_max(net->tx.size) >= LARGE_FRAME)
		f |= F_HOST_TSO;
	return f;
}

static void read_mac(const struct virtio_net *n, uint8_t *mac)
{
	uint64_t own = io_tsc();

	for (unsigned i = 0; i < 6; i++)
		mac[i] = virtio_has(&n->v, F_MAC)
				 ? (uint8_t)virtio_config(&n->v, CONFIG_MAC + i, 1)
				 : (uint8_t)(i ? own >> 4 * i : 2); // 2: locally administered
}

static void describe(struct virtio_net *n, struct boot_net *net)
{
	uint32_t mtu = virtio_has(&n->v, F_MTU) ? virtio_config(&n->v, CONFIG_MTU, 2) : 0;

	net->mtu = ETHERNET_MTU;
	if (mtu >= MTU_MIN && HEADER + ETHERNET_HEADER + mtu <= ring_max(net->rx.size) &&
	    HEADER + ETHERNET_HEADER + mtu <= ring_max(net->tx.size))
		net->mtu = (uint16_t)mtu;
	n->frame_max = HEADER + ETHERNET_HEADER + net->mtu;
	read_mac(n, net->mac);
	net->flags &= ~(uint32_t)(NET_RX_CSUM | NET_TX_CSUM | NET_RX_TSO | NET_TX_TSO);
	if (virtio_has(&n->v, F_CSUM))
		net->flags |= NET_TX_CSUM;
	if (virtio_has(&n->v, F_GUEST_CSUM))
		net->flags |= NET_RX_CSUM;
	if (all(n, F_HOST_TSO))
		net->flags |= NET_TX_TSO;
	if (virtio_has(&n->v, F_GUEST_TSO)) {
		net->flags |= NET_RX_TSO;
		n->frame_max = LARGE_FRAME;
	}
}

static int open_queues(struct virtio_net *n)
{
	bool much = dma_left(n->v.dma) >= MUCH;
	unsigned slots = much ? 128 : dma_left(n->v.dma) >= SOME ? 64 : 16;
	unsigned chain = n->split ? 2 : 1;
	uint64_t unused;
	int r;

	r = virtio_queue_open(&n->v, &n->rxq, 0, slots, chain);
	if (!r)
		r = virtio_queue_open(&n->v, &n->txq, 1, slots * 2, chain);
	if (r)
		return r;
	n->size = much ? 4096 : 1536;
	n->end = dma_take(n->v.dma, sizeof(*n->end) * n->txq.slots, sizeof(*n->end), &unused);
	n->count = (uint32_t)MIN(n->rxq.slots, dma_left(n->v.dma) / 2 / n->size);
	return n->end ? 0 : virtio_lose(&n->v, "gets no memory for its queues");
}

// Gives all buffers to the device.
static int fill(struct virtio_net *n)
{
	struct virtio_part parts[2];
	uint64_t pa;

	n->buffers = dma_take(n->v.dma, (size_t)n->size * n->count, 64, &pa);
	if (!n->buffers || n->size * n->count < 2 * n->frame_max)
		return virtio_lose(&n->v, "gets too little memory for frames");
	for (uint32_t i = 0; i < n->count; i++, pa += n->size) {
		parts[0] = (struct virtio_part){ pa, n->split ? n->header : n->size };
		parts[1] = (struct virtio_part){ pa + n->header, n->size - n->header };
		virtio_add(&n->rxq, parts, 0, n->split ? 2 : 1);
	}
	virtio_ready(&n->v);
	virtio_kick(&n->rxq);
	return 0;
}

int virtio_net_open(struct virtio_net *n, const struct pc_device *d, struct dma *dma,
		    struct boot_net *net)
{
	int r;

	*n = (struct virtio_net){ .header = HEADER };
	n->rx = (struct ring_end){ .ring = (struct ring *)net->rx.va, .size = net->rx.size };
	n->tx = (struct ring_end){ .ring = (struct ring *)net->tx.va, .size = net->tx.size };
	n->ahead = n->tx;
	n->tx_pa = dma_ram(dma, n->tx.ring->data, n->tx.size);
	r = virtio_reset(&n->v, d, dma);
	if (!r)
		r = virtio_agree(&n->v, choose(n->v.features, dma, net));
	if (r)
		return r;
	if (!virtio_has(&n->v, VIRTIO_F_VERSION_1)) {
		n->split = !virtio_has(&n->v, VIRTIO_F_ANY_LAYOUT);
		if (!virtio_has(&n->v, F_MRG_RXBUF)) {
			n->header = OLD_HEADER;
			n->split = true;
		}
	}
	describe(n, net);
	r = open_queues(n);
	if (!r)
		r = fill(n);
	net->present = !r;
	return r;
}

static uint16_t after(const struct virtio_queue *q, uint16_t slot)
{
	return slot + 1u < q->slots ? (uint16_t)(slot + 1) : 0;
}

// The guest's room for what the device is done with, in the order in which it was sent.
static void reap(struct virtio_net *n)
{
	uint32_t unused;

	while (virtio_next(&n->txq, &unused) >= 0)
		virtio_pop(&n->txq);
	for (; n->sending && !n->txq.room[n->oldest]; n->sending--) {
		n->tx.mine = n->end[n->oldest];
		n->oldest = after(&n->txq, n->oldest);
	}
	if (!n->sending || n->v.why)
		n->tx.mine = n->ahead.mine;
	__atomic_store_n(&n->tx.ring->tail, n->tx.mine, __ATOMIC_RELEASE);
}

// Gives a record to the device. False: it has no room.
static bool give(struct virtio_net *n, uint8_t *at, uint32_t len)
{
	uint64_t pa = n->tx_pa + (uint64_t)(at - n->tx.ring->data);
	struct virtio_part parts[2] = { { pa, n->split ? n->header : len },
					{ pa + HEADER, len - HEADER } };
	int slot;

	((struct net_header *)at)->num_buffers = 0; // 5.1.6.2.1
	slot = virtio_add(&n->txq, parts, n->split ? 2 : 1, 0);
	if (slot < 0)
		return false;
	n->end[slot] = n->ahead.mine + ring_padded(len);
	n->sending++;
	return true;
}

static void send(struct virtio_net *n)
{
	struct ring_rec rec;
	uint8_t *at;
	int r;

	while ((r = ring_next(&n->ahead, &rec, &at)) > 0) {
		if (rec.len > HEADER && !n->v.why && !give(n, at, rec.len))
			break;
		n->ahead.mine += ring_padded(rec.len);
	}
	if (r < 0)
		virtio_lose(&n->v, "is given a broken ring of frames to send");
	virtio_kick(&n->txq);
}

// The first buffer of a frame. Gives false if there is no room for it in the ring.
static bool begin(struct virtio_net *n, const uint8_t *from, uint32_t len)
{
	struct net_header h = { .num_buffers = 1 };
	int err;

	memcpy(&h, from, n->header);
	if (!virtio_has(&n->v, F_MRG_RXBUF))
		h.num_buffers = 1;
	if (len < n->header || !h.num_buffers || h.num_buffers > n->count) {
		virtio_lose(&n->v, "received a frame of impossible length");
		return false;
	}
	n->left = h.num_buffers;
	n->room = MIN(h.num_buffers * n->size + HEADER, n->frame_max);
	n->at = ring_space(&n->rx, n->room, &err);
	n->len = 0;
	if (!n->at) {
		n->left = 0;
		n->blocked = true;
		if (err == RING_EPROTO)
			virtio_lose(&n->v, "is given a broken ring for received frames");
		return false;
	}
	if (n->header < HEADER) {
		memcpy(n->at, &h, HEADER);
		n->len = HEADER;
	}
	return true;
}

// Takes one buffer into the frame. True: the frame is complete.
static bool take(struct virtio_net *n, const uint8_t *from, uint32_t len)
{
	if (n->len == HEADER && n->header < HEADER) {
		from += n->header;
		len -= n->header;
	}
	if (n->at && len <= n->room - n->len) {
		memcpy(n->at + n->len, from, len);
		n->len += len;
	} else {
		n->at = NULL; // longer than what was agreed on
	}
	virtio_again(&n->rxq);
	if (--n->left || !n->at)
		return false;
	ring_push(&n->rx, n->len, 0);
	return true;
}

static bool receive(struct virtio_net *n)
{
	bool any = false;
	uint32_t len;
	int slot;

	n->blocked = false;
	for (int i = 0; i < PUMP_BATCH; i++) {
		const uint8_t *from;

		slot = virtio_next(&n->rxq, &len);
		if (slot < 0)
			break;
		from = n->buffers + (size_t)slot * n->size;
		if (!n->left && !begin(n, from, len))
			break;
		any |= take(n, from, len);
	}
	virtio_kick(&n->rxq);
	return any;
}

bool virtio_net_pump(struct virtio_net *n)
{
	reap(n);
	send(n);
	return receive(n);
}

bool virtio_net_arm(struct virtio_net *n)
{
	bool any = false;

	virtio_ack(&n->v);
	if (!n->blocked)
		any = virtio_arm(&n->rxq);
	if (ring_ready(&n->ahead))
		any |= virtio_arm(&n->txq);
	return any;
}

void virtio_net_disarm(struct virtio_net *n)
{
	virtio_disarm(&n->rxq);
	virtio_disarm(&n->txq);
}
