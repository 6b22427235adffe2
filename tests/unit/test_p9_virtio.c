// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The 9p device (drivers/p9/virtio_9p.c) on a queue that answers in any order, or gets lost: what waits, what comes later, who is told.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <asm-generic/errno.h>
#include <drivers/p9/virtio_9p.h>

#define SLOTS 4
#define RAM_LEN 8192

static struct dma dma;
static uint8_t area[65536] __attribute__((aligned(4096))), ram[RAM_LEN] __attribute__((aligned(4096)));
static const struct pc_device device;
static struct virtio_9p d;
static struct p9 fs;
static struct virtio_9p_memory memory;
static char config[64];
static uint64_t offered;

// The queue: what was asked and what is answered, in that order.
static struct {
	struct virtio_part parts[4];
	unsigned out, in;
} asked[SLOTS];
static int answers[16];
static unsigned answer_count, answer_at, asked_count;
static int (*sleeping)(void); // what happens when the driver sleeps: the number of the request that is answered
static struct {
	unsigned slot, len;
} came[16];
static unsigned came_count;

int virtio_open(struct virtio *v, const struct pc_device *dev, struct dma *memory_, uint64_t wanted)
{
	*v = (struct virtio){ .device = dev, .dma = memory_, .features = wanted & offered };
	return 0;
}

int virtio_queue_open(struct virtio *v, struct virtio_queue *q, unsigned index, unsigned slots, unsigned chain)
{
	static uint32_t room[SLOTS];

	assert_true(index == 0 && slots >= SLOTS && chain == 4);
	memset(room, 0, sizeof(room));
	*q = (struct virtio_queue){ .v = v, .slots = SLOTS, .chain = (uint16_t)chain, .room = room };
	return 0;
}

uint32_t virtio_config(const struct virtio *v, unsigned off, unsigned width)
{
	uint32_t value = 0;

	if (off + width <= sizeof(config))
		memcpy(&value, config + off, width);
	return value;
}

int virtio_add(struct virtio_queue *q, const struct virtio_part *parts, unsigned out, unsigned in)
{
	unsigned slot = q->next;

	if (virtio_full(q))
		return -EAGAIN;
	memcpy(asked[slot].parts, parts, (out + in) * sizeof(*parts));
	asked[slot].out = out;
	asked[slot].in = in;
	q->room[slot] = 1;
	q->next = (uint16_t)((slot + 1) % SLOTS);
	asked_count++;
	return (int)slot;
}

int virtio_next(struct virtio_queue *q, uint32_t *len)
{
	if (q->v->why)
		return -EIO;
	if (answer_at == answer_count)
		return -EAGAIN;
	q->current = (uint16_t)answers[answer_at % 16];
	*len = 7 + q->current;
	return q->current;
}

void virtio_pop(struct virtio_queue *q)
{
	assert_int_equal(q->room[q->current], 1);
	q->room[q->current] = 0;
	answer_at++;
}

bool virtio_arm(struct virtio_queue *q) { return answer_at != answer_count; }
void virtio_disarm(struct virtio_queue *q) { }
void virtio_ack(struct virtio *v) { }
void virtio_kick(struct virtio_queue *q) { }
void virtio_ready(struct virtio *v) { }

void p9_came_later(struct p9 *p, unsigned slot, const uint8_t *answer, uint32_t len)
{
	assert_ptr_equal(p, &fs);
	came[came_count].slot = slot;
	came[came_count++].len = len;
}

static void answer(int nr)
{
	answers[answer_count++ % 16] = nr;
}

static void idle(void)
{
	int nr = sleeping();

	if (nr >= 0)
		answer(nr);
	else
		d.v.why = "is gone";
}

static int set_up(void **state)
{
	dma = (struct dma){ .va = area, .pa = 0x100000, .len = sizeof(area), .ram_va = (uintptr_t)ram, .ram_pa = 0x900000, .ram_len = RAM_LEN };
	memset(&memory, 0, sizeof(memory));
	memset(&fs, 0, sizeof(fs));
	memcpy(config, "\4\0vol7rest", 11);
	offered = 1;
	answer_count = answer_at = asked_count = came_count = 0;
	assert_int_equal(virtio_9p_open(&d, &device, &dma, idle), 0);
	assert_int_equal(virtio_9p_connect(&d, &fs, &memory), 0);
	return 0;
}

static int64_t exchange(uint32_t data_out, uint32_t data_in)
{
	const struct p9_exchange x = { .out = fs.out, .out_len = 23, .out_data = ram + 1, .out_data_len = data_out, .in = fs.in,
				       .in_room = 11, .in_data = ram + 4096, .in_data_room = data_in };

	return d.transport.exchange(&d.transport, &x);
}

static int send_later(unsigned slot)
{
	return d.transport.later(&d.transport, &fs, (const uint8_t *)"message", 7, slot);
}

static int last_asked(void) { return (int)((asked_count - 1) % SLOTS); }
static int is_gone(void) { return -1; }

static void tags(void **state)
{
	assert_string_equal(d.tag, "vol7");
	config[0] = 50;
	memset(config + 2, 'x', 50);
	assert_int_equal(virtio_9p_open(&d, &device, &dma, idle), 0);
	assert_int_equal(strlen(d.tag), VIRTIO_9P_TAG_MAX);
	offered = 0;
	assert_int_equal(virtio_9p_open(&d, &device, &dma, idle), 0);
	assert_string_equal(d.tag, "");
}

static void memory_of_messages(void **state)
{
	struct p9 other = { .dev = 0 };

	sleeping = last_asked;
	assert_int_equal(exchange(100, 4096), 7);
	assert_int_equal(asked[0].out, 2);
	assert_int_equal(asked[0].in, 2);
	assert_int_equal(asked[0].parts[0].pa, dma.pa + (uint64_t)(fs.out - area));
	assert_int_equal(asked[0].parts[0].len, 23);
	assert_int_equal(asked[0].parts[1].pa, 0x900001);
	assert_int_equal(asked[0].parts[2].pa, dma.pa + (uint64_t)(fs.in - area));
	assert_int_equal(asked[0].parts[3].pa, 0x901000);
	assert_int_equal(asked[0].parts[3].len, 4096);
	assert_int_equal(exchange(0, 0), 8);
	assert_int_equal(asked[1].out + asked[1].in, 2);
	assert_int_equal(exchange(0, 4097), -EFAULT); // beyond RAM
	assert_int_equal(virtio_9p_connect(&d, &other, &memory), 0);
	assert_ptr_equal(other.out, fs.out); // all devices share it
	dma.len = dma.used;
	memset(&memory, 0, sizeof(memory));
	assert_int_equal(virtio_9p_connect(&d, &other, &memory), -ENOMEM);
	assert_int_equal(virtio_9p_open(&d, &device, &dma, idle), 0);
	assert_null(d.transport.later); // without its memory nothing comes later
}

static void what_comes_later(void **state)
{
	sleeping = last_asked;
	assert_false(virtio_9p_poll(&d));
	assert_false(virtio_9p_arm(&d));
	for (unsigned slot = 60; slot < 63; slot++)
		assert_int_equal(send_later(slot), 0);
	assert_int_equal(send_later(63), -EAGAIN); // one is kept for what cannot wait
	assert_memory_equal(area + (asked[1].parts[0].pa - dma.pa), "message", 7);
	answer(1); // before the answer that is waited for
	assert_int_equal(exchange(0, 0), 7 + 3);
	assert_int_equal(came_count, 1);
	assert_int_equal(came[0].slot, 61);
	assert_int_equal(came[0].len, 8);
	assert_int_equal(send_later(63), -EAGAIN); // requests are used in turn, and the next is still out
	answer(0);
	answer(2);
	assert_true(virtio_9p_arm(&d));
	assert_true(virtio_9p_poll(&d));
	assert_int_equal(came_count, 3);
	assert_int_equal(came[2].slot, 62);
	assert_int_equal(d.later, 0);
	assert_false(virtio_9p_poll(&d));
}

static int oldest(void)
{
	static int next;

	return next++ % SLOTS;
}

// The request whose turn it is is out: it is waited for first.
static void in_turn(void **state)
{
	for (unsigned slot = 0; slot < 3; slot++)
		assert_int_equal(send_later(slot), 0);
	sleeping = last_asked;
	assert_int_equal(exchange(0, 0), 7 + 3);
	sleeping = oldest; // 0, 1, ...
	answer(0);
	answer(1);
	answer(2);
	assert_int_equal(exchange(0, 0), 7);
	assert_int_equal(came_count, 3);
}

static void device_that_gets_lost(void **state)
{
	assert_int_equal(send_later(5), 0);
	assert_int_equal(send_later(6), 0);
	sleeping = is_gone;
	assert_int_equal(exchange(0, 0), -EIO);
	assert_int_equal(came_count, 2);
	assert_int_equal(came[0].len + came[1].len, 0);
	assert_int_equal(exchange(0, 0), -EIO);
	assert_int_equal(came_count, 2); // told once
	assert_int_equal(d.later, 0);
	assert_false(virtio_9p_poll(&d));
}

static void lost_in_between(void **state)
{
	assert_int_equal(send_later(5), 0);
	d.v.why = "is gone";
	assert_true(virtio_9p_poll(&d)); // who waits must look
	assert_int_equal(came_count, 1);
	assert_int_equal(came[0].len, 0);
	assert_int_equal(send_later(5), -EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(tags, set_up),
		cmocka_unit_test_setup(memory_of_messages, set_up),
		cmocka_unit_test_setup(what_comes_later, set_up),
		cmocka_unit_test_setup(in_turn, set_up),
		cmocka_unit_test_setup(device_that_gets_lost, set_up),
		cmocka_unit_test_setup(lost_in_between, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
