// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Virtio devices' start, registers and queues, over every transport, with devices that behave and
// such that do not.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <drivers/virtio/virtio.h>
#include "virtio/device.h"

#define ROOM (256u << 10)

struct fixture {
	struct fake *f;
	struct virtio v;
	struct virtio_queue q;
	uint64_t pa;
	uint8_t *buf;
};

static void open_device(struct fixture *x, enum fake_kind kind, uint64_t features, unsigned slots,
			unsigned chain)
{
	memset(x, 0, sizeof(*x));
	x->f = fake_new(kind, features, ROOM);
	assert_int_equal(virtio_open(&x->v, &x->f->device, &x->f->dma, 1), 0);
	assert_int_equal(virtio_queue_open(&x->v, &x->q, 1, slots, chain), 0);
	virtio_ready(&x->v);
	x->buf = dma_take(&x->f->dma, 4096, 64, &x->pa);
}

static void close_device(struct fixture *x)
{
	fake_free(x->f);
}

static int add_one(struct fixture *x, uint32_t out, uint32_t in)
{
	struct virtio_part parts[2] = { { x->pa, out }, { x->pa + out, in } };

	return virtio_add(&x->q, parts, 1, 1);
}

static void check_lost(struct fixture *x)
{
	const char *why;
	uint32_t len;

	assert_null(virtio_lost(&why));
	assert_int_equal(virtio_next(&x->q, &len), -EIO);
	assert_non_null(x->v.why);
	assert_ptr_equal(virtio_lost(&why), &x->f->device);
	assert_ptr_equal(why, x->v.why);
	assert_null(virtio_lost(&why));
	assert_int_equal(x->f->status, FAKE_FAILED);
	// Nothing is done with it any more.
	assert_int_equal(virtio_next(&x->q, &len), -EIO);
	assert_int_equal(add_one(x, 1, 1), -EAGAIN);
	assert_false(virtio_arm(&x->q));
	virtio_kick(&x->q);
	virtio_ack(&x->v);
}

static void starts_on_every_transport(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++) {
		struct fixture x;

		open_device(&x, k, FAKE_EVENT_IDX | 3, 8, 2);
		assert_int_equal(x.f->status, fake_modern(x.f) ? 15 : 7);
		assert_int_equal(x.f->accepted, FAKE_EVENT_IDX | 1 |
							(fake_modern(x.f) ? FAKE_VERSION_1 : 0));
		assert_int_equal(x.f->queue[1].size, x.f->device.transport == PC_VIRTIO_PCI_LEGACY ? 256 : 16);
		assert_int_equal(x.f->queue[1].vector, x.f->device.msix ? 0 : 0xffff);
		assert_true(x.f->queue[1].ready);
		assert_int_equal(x.q.slots, 8);
		close_device(&x);
	}
}

// Requests go round several times, answered out of order.
static void moves_requests(struct fixture *x, unsigned rounds)
{
	for (unsigned n = 0; n < rounds; n++) {
		struct fake_part parts[4];
		int heads[8], ids[8], at;
		unsigned count;
		uint32_t len;

		for (int i = 0; i < 8; i++) {
			ids[i] = add_one(x, 16, 32);
			assert_true(ids[i] >= 0);
		}
		assert_int_equal(add_one(x, 16, 32), -EAGAIN);
		assert_true(virtio_full(&x->q));
		assert_int_equal(virtio_next(&x->q, &len), -EAGAIN);
		virtio_kick(&x->q);
		for (int i = 0; i < 8; i++) {
			heads[i] = fake_take(x->f, 1, parts, 4, &count);
			assert_int_equal(count, 2);
			assert_int_equal(parts[0].len, 16);
			assert_true(!parts[0].in && parts[1].in && parts[1].len == 32);
			assert_ptr_equal(parts[1].at, x->buf + 16);
		}
		assert_int_equal(fake_take(x->f, 1, parts, 4, &count), -1);
		for (int i = 0; i < 8; i++) {
			at = i ^ (int)(n & 7);
			fake_give(x->f, 1, (uint32_t)heads[at], (uint32_t)i);
		}
		for (int i = 0; i < 8; i++) {
			assert_int_equal(virtio_next(&x->q, &len), ids[i ^ (int)(n & 7)]);
			assert_int_equal(len, i);
			virtio_pop(&x->q);
		}
		assert_int_equal(virtio_next(&x->q, &len), -EAGAIN);
	}
}

static void requests_on_every_transport(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++)
		for (int event = 0; event < 2; event++) {
			struct fixture x;

			open_device(&x, k, event ? FAKE_EVENT_IDX : 0, 8, 2);
			moves_requests(&x, 9000); // more than 65536 requests: indices wrap
			// An event index that is never moved comes round once in 65536 requests.
			assert_in_range(x.f->interrupts, 0, event ? 2 : 0);
			assert_int_equal(x.f->kicks, 9000);
			close_device(&x);
		}
}

static void the_same_request_again(void **state)
{
	struct fixture x;
	struct fake_part parts[4];
	unsigned count;
	uint32_t len;

	open_device(&x, FAKE_PCI, 0, 8, 2);
	assert_int_equal(add_one(&x, 8, 8), 0);
	for (int i = 0; i < 20; i++) {
		virtio_kick(&x.q);
		assert_int_equal(fake_take(x.f, 1, parts, 4, &count), 0);
		fake_give(x.f, 1, 0, 8);
		assert_int_equal(virtio_next(&x.q, &len), 0);
		assert_int_equal(virtio_next(&x.q, &len), 0);
		virtio_again(&x.q);
		assert_int_equal(virtio_next(&x.q, &len), -EAGAIN);
	}
	close_device(&x);
}

static void interrupts_when_asked(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++)
		for (int event = 0; event < 2; event++) {
			struct fixture x;
			struct fake_part parts[4];
			unsigned count;
			uint32_t len;

			open_device(&x, k, event ? FAKE_EVENT_IDX : 0, 8, 2);
			for (int i = 0; i < 3; i++)
				add_one(&x, 8, 8);
			for (int i = 0; i < 3; i++)
				fake_take(x.f, 1, parts, 4, &count);
			fake_give(x.f, 1, 0, 0);
			assert_int_equal(x.f->interrupts, 0);
			assert_true(virtio_arm(&x.q)); // one is done already
			virtio_disarm(&x.q);
			virtio_next(&x.q, &len);
			virtio_pop(&x.q);
			virtio_ack(&x.v);
			assert_false(virtio_arm(&x.q));
			fake_give(x.f, 1, 2, 0);
			assert_int_equal(x.f->interrupts, 1);
			virtio_disarm(&x.q);
			fake_give(x.f, 1, 4, 0);
			assert_int_equal(x.f->interrupts, 1);
			virtio_ack(&x.v);
			assert_true(x.f->device.msix || !x.f->isr);
			close_device(&x);
		}
}

static void notifies_when_wanted(void **state)
{
	struct fixture x;
	struct fake_part parts[4];
	unsigned count;

	open_device(&x, FAKE_MMIO, FAKE_EVENT_IDX, 8, 2);
	virtio_kick(&x.q);
	assert_int_equal(x.f->kicks, 0);
	add_one(&x, 8, 8);
	virtio_kick(&x.q);
	virtio_kick(&x.q);
	assert_int_equal(x.f->kicks, 1);
	add_one(&x, 8, 8); // the device has not looked since
	virtio_kick(&x.q);
	assert_int_equal(x.f->kicks, 1);
	while (fake_take(x.f, 1, parts, 4, &count) >= 0)
		;
	add_one(&x, 8, 8);
	virtio_kick(&x.q);
	assert_int_equal(x.f->kicks, 2);
	close_device(&x);

	open_device(&x, FAKE_MMIO, 0, 8, 2);
	fake_used_index(x.f, 1)[-1] = 1; // VIRTQ_USED_F_NO_NOTIFY
	add_one(&x, 8, 8);
	virtio_kick(&x.q);
	assert_int_equal(x.f->kicks, 0);
	close_device(&x);
}

static void used_index_that_jumps(void **state)
{
	struct fixture x;

	for (unsigned jump = 2; jump < 65536; jump = jump * 3 + 1) {
		open_device(&x, FAKE_MMIO, 0, 8, 2);
		add_one(&x, 8, 8);
		*fake_used_index(x.f, 1) = (uint16_t)jump;
		check_lost(&x);
		close_device(&x);
	}
	open_device(&x, FAKE_MMIO, 0, 8, 2); // nothing was asked at all
	fake_give(x.f, 1, 0, 0);
	check_lost(&x);
	close_device(&x);
}

static void used_id_that_is_not_ours(void **state)
{
	static const uint32_t ids[] = { 1, 2, 3, 14, 15, 16, 17, 256, 65536, UINT32_MAX, UINT32_MAX - 1 };

	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct fixture x;

		open_device(&x, FAKE_PCI_MSIX, 0, 8, 2);
		add_one(&x, 8, 8);
		fake_give(x.f, 1, ids[i], 0);
		check_lost(&x);
		close_device(&x);
	}
}

static void used_id_twice(void **state)
{
	struct fixture x;
	uint32_t len;

	open_device(&x, FAKE_LEGACY, 0, 8, 2);
	add_one(&x, 8, 8);
	add_one(&x, 8, 8);
	fake_give(x.f, 1, 0, 0);
	fake_give(x.f, 1, 0, 0);
	assert_int_equal(virtio_next(&x.q, &len), 0);
	virtio_pop(&x.q);
	check_lost(&x);
	close_device(&x);
}

static void length_that_is_too_long(void **state)
{
	static const uint32_t lens[] = { 9, 16, 4096, INT32_MAX, UINT32_MAX };
	struct virtio_part part;
	struct fixture x;
	uint32_t len;

	for (unsigned i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		open_device(&x, FAKE_MMIO_1, 0, 8, 2);
		add_one(&x, 16, 8);
		fake_give(x.f, 1, 0, lens[i]);
		check_lost(&x);
		close_device(&x);
	}
	// Of what the device only reads no length matters.
	open_device(&x, FAKE_MMIO_1, 0, 8, 2);
	part = (struct virtio_part){ x.pa, 8 };
	virtio_add(&x.q, &part, 1, 0);
	fake_give(x.f, 1, 0, 8);
	assert_int_equal(virtio_next(&x.q, &len), 0);
	assert_int_equal(len, 0);
	close_device(&x);
}

static void expect_refusal(struct fake *f)
{
	struct virtio v;
	struct virtio_queue q;
	int r = virtio_open(&v, &f->device, &f->dma, 0);

	if (!r)
		r = virtio_queue_open(&v, &q, 1, 8, 2);
	assert_int_equal(r, -EIO);
	assert_non_null(v.why);
	assert_null(virtio_lost(&(const char *){ NULL })); // who opens it knows
	fake_free(f);
}

static void devices_that_cannot_be_used(void **state)
{
	struct fake *f;

	for (int k = 0; k < FAKE_KINDS; k++) {
		f = fake_new(k, 0, ROOM);
		f->stuck = true;
		expect_refusal(f);
		f = fake_new(k, 0, ROOM);
		f->queue[1].max = 0;
		expect_refusal(f);
		f = fake_new(k, 0, ROOM);
		f->queue[1].max = 1;
		expect_refusal(f);
		f = fake_new(k, 0, ROOM);
		f->device.regs_len = f->device.port_len = 19;
		expect_refusal(f);
		f = fake_new(k, 0, ROOM);
		if (fake_modern(f)) {
			f->contrary = true;
			expect_refusal(f);
			f = fake_new(k, 0, ROOM);
			f->features = 0; // not even VERSION_1
			expect_refusal(f);
		} else {
			fake_free(f);
		}
		f = fake_new(k, 0, ROOM);
		if (f->device.msix) {
			f->no_vector = true;
			expect_refusal(f);
		} else {
			fake_free(f);
		}
	}
	f = fake_new(FAKE_LEGACY, 0, ROOM);
	f->queue[1].max = 100; // not a power of two, and it cannot be changed
	expect_refusal(f);
	f = fake_new(FAKE_LEGACY, 0, ROOM);
	f->queue[1].max = 65534;
	expect_refusal(f);
	f = fake_new(FAKE_PCI, 0, ROOM);
	f->device.notify_len = 5; // queue 1's place is bytes 4 and 5
	expect_refusal(f);
	f = fake_new(FAKE_PCI, 0, ROOM);
	f->device.notify_multiplier = UINT32_MAX;
	expect_refusal(f);
}

static void no_memory_for_queues(void **state)
{
	for (size_t room = 1; room < 9000; room += 500)
		for (int k = 0; k < FAKE_KINDS; k++) {
			struct fake *f = fake_new(k, 0, 16384);
			struct virtio_queue q;
			struct virtio v;
			int r;

			f->dma.len = room;
			assert_int_equal(virtio_open(&v, &f->device, &f->dma, 0), 0);
			r = virtio_queue_open(&v, &q, 0, 64, 2);
			assert_true(r == 0 || (r == -ENOMEM && v.why));
			assert_true(f->dma.used <= room);
			fake_free(f);
		}
}

static void queue_sizes_of_devices(void **state)
{
	static const uint16_t max[] = { 2, 3, 4, 6, 15, 16, 17, 1000, 32768, 65535 };

	for (unsigned i = 0; i < sizeof(max) / sizeof(max[0]); i++) {
		struct fixture x;

		memset(&x, 0, sizeof(x));
		x.f = fake_new(FAKE_MMIO, 0, ROOM);
		x.f->queue[1].max = max[i];
		assert_int_equal(virtio_open(&x.v, &x.f->device, &x.f->dma, 0), 0);
		assert_int_equal(virtio_queue_open(&x.v, &x.q, 1, 8, 2), 0);
		assert_true(x.q.size <= max[i] && !(x.q.size & (x.q.size - 1)));
		assert_int_equal(x.q.slots, x.q.size / 2 < 8 ? x.q.size / 2 : 8);
		close_device(&x);
	}
}

static void configuration(void **state)
{
	for (int k = 0; k < FAKE_KINDS; k++) {
		struct fake *f = fake_new(k, 0, ROOM);
		struct virtio v;

		for (unsigned i = 0; i < sizeof(f->config); i++)
			f->config[i] = (uint8_t)i;
		if (f->device.transport == PC_VIRTIO_MMIO)
			f->device.regs_len = 0x120;
		else if (f->device.transport == PC_VIRTIO_PCI)
			f->device.config_len = 32;
		else
			f->device.port_len = f->device.msix ? 56 : 52;
		assert_int_equal(virtio_open(&v, &f->device, &f->dma, 0), 0);
		assert_int_equal(virtio_config(&v, 6, 2), 0x0706);
		assert_int_equal(virtio_config(&v, 31, 1), 31);
		assert_int_equal(virtio_config(&v, 28, 4), 0x1f1e1d1c);
		assert_int_equal(virtio_config(&v, 29, 4), 0);
		assert_int_equal(virtio_config(&v, 32, 1), 0);
		assert_int_equal(virtio_config(&v, UINT32_MAX, 4), 0);
		assert_int_equal(virtio_config64(&v, 8), 0x0f0e0d0c0b0a0908);
		fake_free(f);
	}
}

static void dma_gives_what_there_is(void **state)
{
	struct dma d = { .va = (uint8_t *)0x10000, .pa = 0x70000, .len = 8192, .ram_va = 0x100000,
			 .ram_pa = 0x200000, .ram_len = 4096 };
	uint64_t pa = 1;

	assert_ptr_equal(dma_take(&d, 10, 1, &pa), 0x10000);
	assert_int_equal(pa, 0x70000);
	assert_ptr_equal(dma_take(&d, 10, 4096, &pa), 0x11000);
	assert_int_equal(pa, 0x71000);
	assert_null(dma_take(&d, 4087, 1, &pa));
	assert_null(dma_take(&d, 1, 4096, &pa));
	assert_null(dma_take(&d, SIZE_MAX, 64, &pa));
	assert_int_equal(dma_left(&d), 4086);
	assert_non_null(dma_take(&d, 4086, 1, &pa));
	assert_null(dma_take(&d, 1, 1, &pa));

	assert_int_equal(dma_ram(&d, (void *)0x100000, 4096), 0x200000);
	assert_int_equal(dma_ram(&d, (void *)0x100fff, 1), 0x200fff);
	assert_int_equal(dma_ram(&d, (void *)0x100fff, 2), 0);
	assert_int_equal(dma_ram(&d, (void *)0xfffff, 2), 0);
	assert_int_equal(dma_ram(&d, (void *)0x100001, SIZE_MAX), 0);
	assert_int_equal(dma_ram(&d, (void *)UINTPTR_MAX, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_on_every_transport),
		cmocka_unit_test(requests_on_every_transport),
		cmocka_unit_test(the_same_request_again),
		cmocka_unit_test(interrupts_when_asked),
		cmocka_unit_test(notifies_when_wanted),
		cmocka_unit_test(used_index_that_jumps),
		cmocka_unit_test(used_id_that_is_not_ours),
		cmocka_unit_test(used_id_twice),
		cmocka_unit_test(length_that_is_too_long),
		cmocka_unit_test(devices_that_cannot_be_used),
		cmocka_unit_test(no_memory_for_queues),
		cmocka_unit_test(queue_sizes_of_devices),
		cmocka_unit_test(configuration),
		cmocka_unit_test(dma_gives_what_there_is),
	};

	return cmocka_run_group_tests_name("virtio", tests, NULL, NULL);
}
