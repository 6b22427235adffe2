// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Fuzzes the virtio drivers: the input is what a hostile device says of itself, writes into its
// used rings and into the buffers that it is given, and when. Whatever it is, the drivers touch
// only memory that is theirs, keep to virtio's rules themselves, and end.
#include <stdlib.h>
#include <string.h>

#include <drivers/virtio/blk.h>
#include <drivers/virtio/console.h>
#include <drivers/virtio/net.h>
#include <drivers/virtio/rng.h>
#include <pith/net_header.h>
#include <virtio/device.h>

#define RING (16u << 10)
#define HELD 64

static const uint8_t *input;
static size_t left;
static struct {
	unsigned queue;
	int head;
} held[HELD]; // requests that the device has taken
static unsigned holds;

static uint64_t next(unsigned bytes)
{
	uint64_t v = 0;
	size_t n = left < bytes ? left : bytes;

	memcpy(&v, input, n);
	input += n;
	left -= n;
	return v;
}

static bool has_queue(const struct fake *f, unsigned q)
{
	return f->queue[q].ready;
}

static void take(struct fake *f, unsigned q)
{
	struct fake_part p[8];
	unsigned count;
	int head;

	if (holds == HELD || (head = fake_take(f, q, p, 8, &count)) < 0)
		return;
	held[holds].queue = q;
	held[holds++].head = head;
	for (unsigned i = 0; i < count; i++)
		if (p[i].in) {
			uint64_t v[2] = { next(8), next(4) };

			memcpy(p[i].at, v, p[i].len < 12 ? p[i].len : 12);
		}
}

static void give(struct fake *f, uint32_t len)
{
	if (!holds)
		return;
	holds--;
	if (has_queue(f, held[holds].queue)) // no reset since
		fake_give(f, held[holds].queue, (uint32_t)held[holds].head, len);
}

// The device does something.
static void act(struct fake *f)
{
	uint8_t what = (uint8_t)next(1);
	unsigned q = (what >> 3) % FAKE_QUEUES;

	if ((what & 7) == 7) {
		f->generation++;
		f->isr = (uint8_t)next(1);
	} else if (!has_queue(f, q)) {
		give(f, (uint32_t)next(1));
	} else if ((what & 7) < 3) {
		take(f, q);
	} else if ((what & 7) < 5) {
		give(f, (uint32_t)next(2));
	} else if ((what & 7) == 5) {
		give(f, (uint32_t)next(4));
	} else {
		uint32_t *entry = fake_used_entry(f, q, f->queue[q].given);

		entry[0] = (uint32_t)next(2);
		entry[1] = (uint32_t)next(4);
		*fake_used_index(f, q) = f->queue[q].given += (uint16_t)next(1);
	}
}

static void run_net(struct fake *f)
{
	struct boot_net net = { .tx = { f->dma.ram_va, RING },
				.rx = { f->dma.ram_va + (64 << 10), RING } };
	struct ring_end tx = { (struct ring *)net.tx.va, RING, 0 };
	struct ring_end rx = { (struct ring *)net.rx.va, RING, 0 };
	struct ring_rec rec;
	struct virtio_net n;
	uint8_t *at;
	int err;

	if (virtio_net_open(&n, &f->device, &f->dma, &net))
		return;
	while (left) {
		uint32_t len = (uint32_t)next(1) * 8;

		at = len & 64 ? ring_space(&tx, len, &err) : NULL;
		if (at)
			ring_push(&tx, len, 0);
		virtio_net_pump(&n);
		virtio_net_arm(&n);
		act(f);
		virtio_net_disarm(&n);
		while ((err = ring_next(&rx, &rec, &at)) > 0)
			ring_pop(&rx, &rec);
		if (err < 0)
			abort();
	}
}

static void run_console(struct fake *f)
{
	struct virtio_console c;
	char buf[64] = { 0 };

	if (virtio_console_open(&c, &f->device, &f->dma))
		return;
	while (left) {
		struct virtio_port *p = &c.port[next(1) % c.ports];

		virtio_console_pump(&c);
		virtio_console_settled(&c);
		virtio_console_port(&c, "pith.control");
		virtio_port_write(p, buf, next(1) % sizeof(buf) + 1);
		virtio_port_read(p, buf, sizeof(buf));
		virtio_port_arm(p, true, true);
		virtio_console_arm(&c);
		act(f);
		virtio_port_disarm(p);
	}
}

// When there is no more input, a lie that ends the wait.
static void idle(void)
{
	if (left) {
		act(fake);
		return;
	}
	*fake_used_index(fake, 0) += 1000;
}

static void run_blk(struct fake *f)
{
	uint8_t *ram = (uint8_t *)f->dma.ram_va, elsewhere[4096];
	char serial[BLK_SERIAL_MAX + 1];
	struct virtio_blk b;

	if (virtio_blk_open(&b, &f->device, &f->dma, idle))
		return;
	virtio_blk_serial(&b, serial);
	while (left) {
		uint64_t sector = next(1), n = next(1);
		bool in_ram = n & 1;

		if (n & 2)
			b.dev.flush(&b.dev);
		n = (n >> 2) % (in_ram ? 64 : 9) * 512;
		if (n & 512)
			b.dev.read(&b.dev, sector, in_ram ? ram : elsewhere, n);
		else
			b.dev.write(&b.dev, sector, in_ram ? ram : elsewhere, n);
	}
}

static void kicked(struct fake *f, unsigned queue)
{
	act(f);
	act(f);
}

static void run_rng(struct fake *f)
{
	struct virtio_rng r;
	uint8_t buf[100];

	if (virtio_rng_open(&r, &f->device, &f->dma))
		return;
	f->on_kick = kicked;
	while (left) {
		if (virtio_rng_fill(&r, buf, next(1) % sizeof(buf), 50) > sizeof(buf))
			abort();
		act(f);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static void (*const run[])(struct fake *) = { run_net, run_console, run_blk, run_rng };
	struct fake *f;
	uint8_t which;
	uint64_t features;

	input = bytes;
	left = len;
	holds = 0;
	which = (uint8_t)next(1);
	features = next(8);
	f = fake_new(which % FAKE_KINDS, features, which & 0x80 ? 1 << 20 : 64 << 10);
	f->features = which & 0x40 ? features : f->features;
	for (unsigned i = 0; i < 32; i++)
		f->config[i] = (uint8_t)next(1);
	if (which & 0x20)
		for (unsigned i = 0; i < 4; i++)
			f->queue[i].max = (uint16_t)next(2);
	run[next(1) % 4](f);
	fake_free(f);
	return 0;
}
