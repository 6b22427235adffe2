// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What is merged into large frames and what is not.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <core/console.h>
#include <net/gso.h>

#include <cmocka.h>

#define RING_SIZE (256 << 10)
#define MSS 1460
#define HEADERS 54

void *calloc(size_t n, size_t size);
void free(void *p);

static struct ring_end tx, host;
static unsigned queued;

void output_queued(void)
{
	queued++;
}

void eth_leave_checksum(struct net_header *h, uint8_t *frame, unsigned len)
{
	h->flags = NET_HDR_NEEDS_CSUM;
}

u16_t inet_chksum(const void *p, u16_t len)
{
	return 0x1234;
}

static int set_up(void **state)
{
	struct ring *r = calloc(1, ring_bytes(RING_SIZE));

	tx = (struct ring_end){ .ring = r, .size = RING_SIZE };
	host = tx;
	return r ? 0 : -1;
}

static int tear_down(void **state)
{
	gso_close(&tx);
	free(tx.ring);
	return 0;
}

struct segment {
	uint32_t seq;
	unsigned payload;
	uint8_t flags, ttl;
	uint16_t port;
};

// Gives the segment to gso_take in two pbufs, headers and payload, as lwIP has them for data that
// it does not copy.
static bool take(struct segment s)
{
	static uint8_t head[HEADERS], data[4 * MSS];
	struct pbuf p2 = { .payload = data, .len = (u16_t)s.payload, .tot_len = (u16_t)s.payload };
	struct pbuf p = { .next = &p2,
			  .payload = head,
			  .len = HEADERS,
			  .tot_len = (u16_t)(HEADERS + s.payload) };

	memset(head, 0, sizeof(head));
	memset(data, (int)(s.seq & 0xff), sizeof(data));
	head[12] = 8;
	head[14] = 0x45;
	head[14 + 8] = s.ttl ? s.ttl : 64;
	head[14 + 9] = 6;
	head[34 + 1] = 80;
	head[34 + 2] = (uint8_t)(s.port >> 8);
	head[34 + 3] = (uint8_t)s.port;
	for (int i = 0; i < 4; i++)
		head[34 + 4 + i] = (uint8_t)(s.seq >> (24 - 8 * i));
	head[34 + 12] = 0x50;
	head[34 + 13] = s.flags ? s.flags : 0x10;
	return gso_take(&tx, &p);
}

// The next frame's length and segment size, as the host finds it; 0: none.
static unsigned sent(unsigned *gso_size)
{
	struct net_header h;
	struct ring_rec rec;
	uint8_t *at;

	if (ring_next(&host, &rec, &at) <= 0)
		return 0;
	memcpy(&h, at, sizeof(h));
	*gso_size = h.gso_type ? h.gso_size : 0;
	ring_pop(&host, &rec);
	return rec.len - (unsigned)sizeof(h);
}

static void consecutive_merge(void **state)
{
	unsigned size;

	for (uint32_t i = 0; i < 10; i++)
		assert_true(take((struct segment){ .seq = i * MSS, .payload = MSS }));
	assert_int_equal(sent(&size), 0);
	gso_close(&tx);
	assert_int_equal(sent(&size), HEADERS + 10 * MSS);
	assert_int_equal(size, MSS);
	assert_int_equal(sent(&size), 0);
}

static void short_one_ends(void **state)
{
	unsigned size;

	assert_true(take((struct segment){ .seq = 0, .payload = MSS }));
	assert_true(take((struct segment){ .seq = MSS, .payload = 10 }));
	assert_int_equal(sent(&size), HEADERS + MSS + 10);
	assert_int_equal(size, MSS);
	assert_false(take((struct segment){ .seq = MSS + 10, .payload = 10 }));
}

static void push_ends(void **state)
{
	unsigned size;

	assert_true(take((struct segment){ .seq = 0, .payload = MSS }));
	assert_true(take((struct segment){ .seq = MSS, .payload = MSS, .flags = 0x18 }));
	assert_int_equal(sent(&size), HEADERS + 2 * MSS);
}

static void one_is_no_large_frame(void **state)
{
	unsigned size = 1;

	assert_true(take((struct segment){ .seq = 0, .payload = MSS }));
	gso_close(&tx);
	assert_int_equal(sent(&size), HEADERS + MSS);
	assert_int_equal(size, 0);
}

static void others_do_not_merge(void **state)
{
	const struct segment others[] = {
		{ .seq = 2 * MSS, .payload = MSS },             // a hole
		{ .seq = 0, .payload = MSS },                   // again
		{ .seq = MSS, .payload = MSS, .port = 9 },      // another connection
		{ .seq = MSS, .payload = MSS, .ttl = 3 },       // another header
		{ .seq = MSS, .payload = 2 * MSS },             // longer than the first
	};

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		unsigned size;

		assert_true(take((struct segment){ .seq = 0, .payload = MSS }));
		assert_true(take(others[i]));
		assert_int_equal(sent(&size), HEADERS + MSS);
		assert_int_equal(size, 0);
		gso_close(&tx);
		assert_int_equal(sent(&size), HEADERS + others[i].payload);
	}
}

static void others_are_not_taken(void **state)
{
	assert_false(take((struct segment){ .seq = 0, .payload = MSS, .flags = 0x11 })); // FIN
	assert_false(take((struct segment){ .seq = 0, .payload = MSS, .flags = 0x02 })); // SYN
	assert_false(take((struct segment){ .seq = 0, .payload = 0 }));
	assert_false(take((struct segment){ .seq = 0, .payload = 100 }));
}

static void fin_closes_first(void **state)
{
	unsigned size;

	assert_true(take((struct segment){ .seq = 0, .payload = MSS }));
	assert_false(take((struct segment){ .seq = MSS, .payload = 0, .flags = 0x11 }));
	assert_int_equal(sent(&size), HEADERS + MSS);
}

static void length_is_bounded(void **state)
{
	unsigned size, first;

	for (uint32_t i = 0; i < 60; i++)
		assert_true(take((struct segment){ .seq = i * MSS, .payload = MSS }));
	first = sent(&size);
	assert_in_range(first, 60000, 65535);
	gso_close(&tx);
	assert_int_equal(first + sent(&size), 2 * HEADERS + 60 * MSS);
}

static void full_ring_takes_none(void **state)
{
	unsigned n = 0;

	while (n < 100 && take((struct segment){ .seq = n * 100000, .payload = 2 * MSS }))
		n++;
	assert_in_range(n, 10, 99);
	assert_int_equal(queued > 0, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(consecutive_merge, set_up, tear_down),
		cmocka_unit_test_setup_teardown(short_one_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(push_ends, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_is_no_large_frame, set_up, tear_down),
		cmocka_unit_test_setup_teardown(others_do_not_merge, set_up, tear_down),
		cmocka_unit_test_setup_teardown(others_are_not_taken, set_up, tear_down),
		cmocka_unit_test_setup_teardown(fin_closes_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(length_is_bounded, set_up, tear_down),
		cmocka_unit_test_setup_teardown(full_ring_takes_none, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
