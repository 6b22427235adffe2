// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The virtio network device between the rings and a device that behaves, or does not.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <drivers/virtio/net.h>
#include <pith/net_header.h>
#include "virtio/device.h"

#define MUCH (1u << 20)
#define LITTLE (64u << 10)
#define F_CSUM 0x1
#define F_GUEST_CSUM 0x2
#define F_MTU 0x8
#define F_MAC 0x20
#define F_GUEST_TSO 0x180
#define F_HOST_TSO 0x1800
#define F_MRG 0x8000
#define F_ANY_LAYOUT (1ull << 27)
#define F_ALL                                                                              \
	(F_CSUM | F_GUEST_CSUM | F_MTU | F_MAC | F_GUEST_TSO | F_HOST_TSO | F_MRG | F_ANY_LAYOUT | \
	 FAKE_EVENT_IDX)
#define HDR 12u

struct fixture {
	struct fake *f;
	struct virtio_net n;
	struct boot_net net;
	struct ring_end tx, rx; // the library OS's ends
};

static int try_open(struct fixture *x, enum fake_kind kind, uint64_t features, size_t room,
		    uint32_t ring)
{
	memset(x, 0, sizeof(*x));
	x->f = fake_new(kind, features, room);
	memcpy(x->f->config, "\x52\x54\x00\x12\x34\x56", 6);
	x->f->config[10] = 9000 & 0xff;
	x->f->config[11] = 9000 >> 8;
	x->net.flags = NET_DHCP | NET_TX_TSO | NET_RX_CSUM; // as left by whoever made the rings
	x->net.tx = (struct boot_ring){ .va = x->f->dma.ram_va + 64, .size = ring };
	x->net.rx = (struct boot_ring){ .va = x->f->dma.ram_va + (512 << 10), .size = ring };
	x->tx = (struct ring_end){ .ring = (struct ring *)x->net.tx.va, .size = ring };
	x->rx = (struct ring_end){ .ring = (struct ring *)x->net.rx.va, .size = ring };
	return virtio_net_open(&x->n, &x->f->device, &x->f->dma, &x->net);
}

static void open_net(struct fixture *x, enum fake_kind kind, uint64_t features, size_t room,
		     uint32_t ring)
{
	assert_int_equal(try_open(x, kind, features, room, ring), 0);
	assert_int_equal(x->net.present, 1);
	assert_true(x->net.flags & NET_DHCP);
}

static void close_net(struct fixture *x)
{
	fake_free(x->f);
}

static bool queue_frame(struct fixture *x, uint32_t len, uint8_t fill)
{
	int err;
	uint8_t *at = ring_space(&x->tx, HDR + len, &err);

	if (!at)
		return false;
	memset(at, 0, HDR);
	at[10] = 1; // num_buffers
	memset(at + HDR, fill, len);
	ring_push(&x->tx, HDR + len, 0);
	return true;
}

// The device takes a frame: its head, or -1.
static int wire_takes(struct fixture *x, uint32_t *len, uint8_t *fill)
{
	uint32_t hdr = x->n.header;
	struct fake_part p[4];
	unsigned count;
	int head = fake_take(x->f, 1, p, 4, &count);

	if (head < 0)
		return -1;
	*len = 0;
	for (unsigned i = 0; i < count; i++) {
		assert_false(p[i].in);
		*len += p[i].len;
	}
	*len -= hdr;
	if (x->n.split)
		assert_int_equal(p[0].len, hdr);
	assert_true(hdr < 12 || (!p[0].at[10] && !p[0].at[11]));
	*fill = p[count - 1].at[p[count - 1].len - 1];
	return head;
}

// The device puts a frame into as many buffers as it needs. False: there are too few.
static bool wire_gives(struct fixture *x, uint32_t len, uint8_t fill)
{
	uint32_t hdr = x->n.header, all = len + hdr, done = 0, n = 0, heads[80], lens[80];
	uint8_t *first = NULL, header[12] = { 0 };
	struct fake_part p[4];
	unsigned count;

	while (done < all) {
		int head = fake_take(x->f, 0, p, 4, &count);

		if (head < 0 || n == 80)
			return false;
		heads[n] = (uint32_t)head;
		lens[n] = 0;
		for (unsigned i = 0; i < count; i++) {
			uint32_t k = p[i].len < all - done ? p[i].len : all - done;

			first = first ? first : p[i].at;
			memset(p[i].at, fill, k);
			lens[n] += k;
			done += k;
		}
		n++;
	}
	header[10] = (uint8_t)n;
	memcpy(first, header, hdr);
	for (uint32_t i = 0; i < n; i++)
		fake_give(x->f, 0, heads[i], lens[i]);
	return true;
}

// The length of the next frame that the library OS finds, 0: none.
static uint32_t guest_gets(struct fixture *x, uint8_t *fill)
{
	struct ring_rec rec;
	uint8_t *at;
	int r = ring_next(&x->rx, &rec, &at);

	assert_true(r >= 0);
	if (!r)
		return 0;
	*fill = at[rec.len - 1];
	assert_int_equal(at[HDR], *fill);
	ring_pop(&x->rx, &rec);
	return rec.len - HDR;
}

static void offloads_that_both_have(void **state)
{
	struct fixture x;
	const uint32_t all = NET_RX_CSUM | NET_TX_CSUM | NET_RX_TSO | NET_TX_TSO;

	open_net(&x, FAKE_PCI_MSIX, F_ALL, MUCH, 256 << 10);
	assert_int_equal(x.net.flags & all, all);
	assert_int_equal(x.net.mtu, 9000);
	assert_memory_equal(x.net.mac, "\x52\x54\x00\x12\x34\x56", 6);
	close_net(&x);
	// Little memory: no large frames in; small rings: none out.
	open_net(&x, FAKE_PCI_MSIX, F_ALL, LITTLE, 256 << 10);
	assert_int_equal(x.net.flags & all, all & ~NET_RX_TSO);
	assert_int_equal(x.net.mtu, 1500);
	close_net(&x);
	open_net(&x, FAKE_MMIO, F_ALL, MUCH, 64 << 10);
	assert_int_equal(x.net.flags & all, NET_RX_CSUM | NET_TX_CSUM);
	close_net(&x);
	// What depends on what is not offered.
	open_net(&x, FAKE_MMIO, F_ALL & ~F_CSUM, MUCH, 256 << 10);
	assert_int_equal(x.net.flags & all, NET_RX_CSUM | NET_RX_TSO);
	close_net(&x);
	open_net(&x, FAKE_MMIO, F_ALL & ~F_GUEST_CSUM, MUCH, 256 << 10);
	assert_int_equal(x.net.flags & all, NET_TX_CSUM | NET_TX_TSO);
	close_net(&x);
	open_net(&x, FAKE_MMIO, F_ALL & ~F_MRG, MUCH, 256 << 10);
	assert_int_equal(x.net.flags & all, all & ~NET_RX_TSO);
	assert_int_equal(x.net.mtu, 1500);
	close_net(&x);
	open_net(&x, FAKE_MMIO, F_ALL & ~0x1000, MUCH, 256 << 10); // TSO for IPv4 alone
	assert_int_equal(x.net.flags & all, all & ~NET_TX_TSO);
	close_net(&x);
	open_net(&x, FAKE_LEGACY, 0, MUCH, 256 << 10);
	assert_int_equal(x.net.flags & all, 0);
	assert_int_equal(x.net.mac[0], 2);
	assert_int_equal(x.n.header, 10);
	close_net(&x);
}

static void mtus_that_make_no_sense(void **state)
{
	static const uint16_t mtus[] = { 0, 1, 68, 1279, 65535 };

	for (unsigned i = 0; i < sizeof(mtus) / sizeof(mtus[0]); i++) {
		struct fixture x;

		memset(&x, 0, sizeof(x));
		open_net(&x, FAKE_MMIO, F_MAC | F_MRG, MUCH, 64 << 10);
		close_net(&x);
		try_open(&x, FAKE_MMIO, F_MAC | F_MRG, MUCH, 64 << 10);
		x.f->features |= F_MTU;
		memcpy(x.f->config + 10, &mtus[i], 2);
		memset(&x.f->dma.used, 0, sizeof(x.f->dma.used));
		assert_int_equal(virtio_net_open(&x.n, &x.f->device, &x.f->dma, &x.net), 0);
		assert_int_equal(x.net.mtu, 1500);
		close_net(&x);
	}
}

static const struct {
	uint64_t features;
	size_t room;
} shapes[] = {
	{ F_ALL, MUCH },
	{ F_ALL, LITTLE },
	{ F_MAC | F_MRG, LITTLE },
	{ F_MAC | F_MRG | F_ANY_LAYOUT | FAKE_EVENT_IDX, MUCH },
	{ F_MAC | F_ANY_LAYOUT, LITTLE },
	{ F_MAC, MUCH },
};
#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static void sends_in_place(void **state)
{
	for (unsigned k = 0; k < FAKE_KINDS * SHAPES; k++) {
		struct fixture x;
		uint32_t len;
		uint8_t fill;

		open_net(&x, k % FAKE_KINDS, shapes[k / FAKE_KINDS].features,
			 shapes[k / FAKE_KINDS].room, 32 << 10);
		for (uint32_t i = 0; i < 3000; i++) {
			int head;

			assert_true(queue_frame(&x, 60 + i % 1400, (uint8_t)i));
			virtio_net_pump(&x.n);
			head = wire_takes(&x, &len, &fill);
			assert_true(head >= 0);
			assert_int_equal(len, 60 + i % 1400);
			assert_int_equal(fill, (uint8_t)i);
			fake_give(x.f, 1, (uint32_t)head, 0);
		}
		virtio_net_pump(&x.n);
		assert_int_equal(x.tx.ring->tail, x.tx.ring->head);
		assert_null(x.n.v.why);
		close_net(&x);
	}
}

// A record is the device's until it says so, and room comes back in the ring's order.
static void pops_in_order(void **state)
{
	struct fixture x;
	uint32_t len, tail;
	uint8_t fill;
	int head[3];

	open_net(&x, FAKE_MMIO, F_ALL, LITTLE, 32 << 10);
	for (uint8_t i = 0; i < 3; i++)
		queue_frame(&x, 100, i);
	virtio_net_pump(&x.n);
	for (int i = 0; i < 3; i++)
		head[i] = wire_takes(&x, &len, &fill);
	assert_int_equal(x.tx.ring->tail, 0);
	fake_give(x.f, 1, (uint32_t)head[2], 0);
	virtio_net_pump(&x.n);
	assert_int_equal(x.tx.ring->tail, 0);
	fake_give(x.f, 1, (uint32_t)head[0], 0);
	virtio_net_pump(&x.n);
	tail = x.tx.ring->tail;
	assert_true(tail > 0 && tail < x.tx.ring->head);
	fake_give(x.f, 1, (uint32_t)head[1], 0);
	virtio_net_pump(&x.n);
	assert_int_equal(x.tx.ring->tail, x.tx.ring->head);
	close_net(&x);
}

static void more_than_the_queue_takes(void **state)
{
	struct fixture x;
	uint32_t len, sent = 0, got = 0;
	uint8_t fill;
	int head;

	open_net(&x, FAKE_PCI, F_ALL, LITTLE, 32 << 10);
	while (queue_frame(&x, 60, (uint8_t)sent))
		sent++;
	assert_true(sent > x.n.txq.slots);
	virtio_net_pump(&x.n);
	assert_false(virtio_net_arm(&x.n)); // for room to send
	while (got < sent) {
		unsigned interrupts = x.f->interrupts;

		head = wire_takes(&x, &len, &fill);
		assert_true(head >= 0);
		assert_int_equal(fill, (uint8_t)got++);
		fake_give(x.f, 1, (uint32_t)head, 0);
		if (got == 1)
			assert_int_equal(x.f->interrupts, interrupts + 1);
		virtio_net_pump(&x.n);
	}
	assert_int_equal(x.tx.ring->tail, x.tx.ring->head);
	close_net(&x);
}

// Only headers, and less: no frames, but their room comes back.
static void records_that_are_no_frames(void **state)
{
	struct fixture x;
	uint32_t len;
	uint8_t fill;
	int err;

	open_net(&x, FAKE_PCI, F_ALL, LITTLE, 32 << 10);
	for (uint32_t n = 0; n <= HDR; n++) {
		ring_space(&x.tx, n, &err);
		ring_push(&x.tx, n, 0);
	}
	virtio_net_pump(&x.n);
	virtio_net_pump(&x.n);
	assert_int_equal(wire_takes(&x, &len, &fill), -1);
	assert_int_equal(x.tx.ring->tail, x.tx.ring->head);
	assert_null(x.n.v.why);
	close_net(&x);
}

static void receives(void **state)
{
	for (unsigned k = 0; k < FAKE_KINDS * SHAPES; k++) {
		struct fixture x;
		uint8_t fill;

		open_net(&x, k % FAKE_KINDS, shapes[k / FAKE_KINDS].features,
			 shapes[k / FAKE_KINDS].room, 64 << 10);
		for (uint32_t i = 0; i < 3000; i++) {
			uint32_t len = 60 + i * 7 % 1455;

			assert_true(wire_gives(&x, len, (uint8_t)i));
			assert_true(virtio_net_pump(&x.n));
			assert_int_equal(guest_gets(&x, &fill), len);
			assert_int_equal(fill, (uint8_t)i);
			assert_int_equal(guest_gets(&x, &fill), 0);
		}
		assert_false(virtio_net_pump(&x.n));
		assert_null(x.n.v.why);
		close_net(&x);
	}
}

static void receives_large_frames(void **state)
{
	struct fixture x;
	uint8_t fill;

	open_net(&x, FAKE_PCI, F_ALL, MUCH, 256 << 10);
	for (uint32_t i = 0; i < 200; i++) {
		uint32_t len = 65549 - i * 300;

		assert_true(wire_gives(&x, len, (uint8_t)i));
		assert_true(virtio_net_pump(&x.n));
		assert_int_equal(guest_gets(&x, &fill), len);
		assert_int_equal(fill, (uint8_t)i);
	}
	close_net(&x);
}

// The buffers of one frame need not come at once.
static void frame_in_pieces(void **state)
{
	struct fixture x;
	struct fake_part p[4];
	unsigned count;
	uint8_t fill;
	int head[3];

	open_net(&x, FAKE_MMIO, F_ALL, MUCH, 256 << 10);
	for (int i = 0; i < 3; i++) {
		head[i] = fake_take(x.f, 0, p, 4, &count);
		memset(p[0].at, 7, p[0].len);
		if (!i) {
			memset(p[0].at, 0, HDR);
			p[0].at[10] = 3;
		}
	}
	fake_give(x.f, 0, (uint32_t)head[0], 4096);
	assert_false(virtio_net_pump(&x.n));
	assert_false(virtio_net_arm(&x.n));
	fake_give(x.f, 0, (uint32_t)head[1], 4096);
	assert_false(virtio_net_pump(&x.n));
	assert_int_equal(guest_gets(&x, &fill), 0);
	fake_give(x.f, 0, (uint32_t)head[2], 100);
	assert_true(virtio_net_pump(&x.n));
	assert_int_equal(guest_gets(&x, &fill), 2 * 4096 + 100 - HDR);
	close_net(&x);
}

static void full_ring_waits(void **state)
{
	struct fixture x;
	uint32_t given = 0, got = 0;
	uint8_t fill;

	open_net(&x, FAKE_MMIO, F_ALL & ~F_GUEST_TSO, MUCH, 8 << 10);
	while (given < 60) {
		assert_true(wire_gives(&x, 1000, (uint8_t)given));
		given++;
	}
	virtio_net_pump(&x.n);
	assert_true(x.n.blocked);
	assert_false(virtio_net_arm(&x.n)); // nothing that could be done now: sleep
	while (got < given) {
		assert_int_equal(guest_gets(&x, &fill), 1000);
		assert_int_equal(fill, (uint8_t)got++);
		virtio_net_pump(&x.n);
	}
	assert_false(x.n.blocked);
	assert_false(virtio_net_arm(&x.n));
	close_net(&x);
}

static void frame_longer_than_agreed_is_dropped(void **state)
{
	struct fixture x;
	uint8_t fill;

	open_net(&x, FAKE_MMIO, F_MAC | F_MRG, LITTLE, 64 << 10);
	wire_gives(&x, 5000, 1);
	wire_gives(&x, 1514, 2);
	virtio_net_pump(&x.n);
	assert_int_equal(guest_gets(&x, &fill), 1514);
	assert_int_equal(fill, 2);
	assert_null(x.n.v.why);
	close_net(&x);
}

static void check_lost(struct fixture *x)
{
	virtio_net_pump(&x->n);
	assert_non_null(x->n.v.why);
	assert_int_equal(x->f->status, FAKE_FAILED);
	// What is sent is dropped: the program's end must not wait for it.
	while (queue_frame(x, 1000, 0))
		;
	virtio_net_pump(&x->n);
	virtio_net_pump(&x->n);
	assert_int_equal(x->tx.ring->tail, x->tx.ring->head);
	assert_false(virtio_net_arm(&x->n));
	virtio_net_disarm(&x->n);
	close_net(x);
}

static void numbers_of_buffers_that_cannot_be(void **state)
{
	static const uint16_t numbers[] = { 0, 17, 129, 65535 };

	for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct fake_part p[4];
		struct fixture x;
		unsigned count;
		int head;

		open_net(&x, FAKE_MMIO, F_ALL, LITTLE, 64 << 10);
		head = fake_take(x.f, 0, p, 4, &count);
		memset(p[0].at, 0, HDR);
		memcpy(p[0].at + 10, &numbers[i], 2);
		fake_give(x.f, 0, (uint32_t)head, 100);
		check_lost(&x);
	}
}

static void frames_shorter_than_their_header(void **state)
{
	for (uint32_t len = 0; len < HDR; len++) {
		struct fake_part p[4];
		struct fixture x;
		unsigned count;
		int head;

		open_net(&x, FAKE_PCI, F_ALL, LITTLE, 64 << 10);
		head = fake_take(x.f, 0, p, 4, &count);
		memset(p[0].at, 0, HDR);
		p[0].at[10] = 1;
		fake_give(x.f, 0, (uint32_t)head, len);
		check_lost(&x);
	}
}

static void lies_about_what_was_sent(void **state)
{
	struct fixture x;

	open_net(&x, FAKE_PCI, F_ALL, LITTLE, 64 << 10);
	queue_frame(&x, 100, 1);
	virtio_net_pump(&x.n);
	fake_give(x.f, 1, 5, 0);
	check_lost(&x);
	open_net(&x, FAKE_PCI, F_ALL, LITTLE, 64 << 10);
	queue_frame(&x, 100, 1);
	virtio_net_pump(&x.n);
	*fake_used_index(x.f, 1) = 40000;
	check_lost(&x);
}

static void rings_that_are_broken(void **state)
{
	struct fixture x;

	open_net(&x, FAKE_PCI, F_ALL, LITTLE, 64 << 10);
	x.rx.ring->tail = 12345;
	wire_gives(&x, 100, 1);
	virtio_net_pump(&x.n);
	assert_non_null(x.n.v.why);
	close_net(&x);
	open_net(&x, FAKE_PCI, F_ALL, LITTLE, 64 << 10);
	x.tx.ring->head = 1 << 20;
	virtio_net_pump(&x.n);
	assert_non_null(x.n.v.why);
	close_net(&x);
}

static void little_memory_is_said(void **state)
{
	for (size_t room = 1024; room <= 128 << 10; room += 1024)
		for (int k = 0; k < FAKE_KINDS; k++) {
			struct fixture x;
			int r;

			memset(&x, 0, sizeof(x));
			r = try_open(&x, k, F_ALL, (room + 4095) & ~4095ul, 64 << 10);
			assert_true(!r || x.n.v.why);
			assert_true(r || room >= 4096);
			if (room >= 64 << 10)
				assert_int_equal(r, 0);
			close_net(&x);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offloads_that_both_have),
		cmocka_unit_test(mtus_that_make_no_sense),
		cmocka_unit_test(sends_in_place),
		cmocka_unit_test(pops_in_order),
		cmocka_unit_test(more_than_the_queue_takes),
		cmocka_unit_test(records_that_are_no_frames),
		cmocka_unit_test(receives),
		cmocka_unit_test(receives_large_frames),
		cmocka_unit_test(frame_in_pieces),
		cmocka_unit_test(full_ring_waits),
		cmocka_unit_test(frame_longer_than_agreed_is_dropped),
		cmocka_unit_test(numbers_of_buffers_that_cannot_be),
		cmocka_unit_test(frames_shorter_than_their_header),
		cmocka_unit_test(lies_about_what_was_sent),
		cmocka_unit_test(rings_that_are_broken),
		cmocka_unit_test(little_memory_is_said),
	};

	return cmocka_run_group_tests_name("virtio-net", tests, NULL, NULL);
}
