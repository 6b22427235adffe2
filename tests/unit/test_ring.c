// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The ring that guest and host share: what goes in comes out, and whatever one side writes into the
// shared part, the other never leaves the data.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <pith/ring.h>

#define SIZE 4096u

struct pair {
	struct ring *ring;
	struct ring_end in, out; // producer, consumer
};

static int set_up(void **state)
{
	struct pair *p = calloc(1, sizeof(*p));

	p->ring = aligned_alloc(64, (ring_bytes(SIZE) + 63) & ~63ul);
	memset(p->ring, 0, ring_bytes(SIZE));
	p->in = p->out = (struct ring_end){ .ring = p->ring, .size = SIZE };
	*state = p;
	return 0;
}

static int tear_down(void **state)
{
	struct pair *p = *state;

	free(p->ring);
	free(p);
	return 0;
}

static int put(struct pair *p, uint32_t len, uint32_t tag, uint8_t fill)
{
	int err;
	uint8_t *at = ring_space(&p->in, len, &err);

	if (!at)
		return err;
	memset(at, fill, len);
	ring_push(&p->in, len, tag);
	return 0;
}

static void take(struct pair *p, uint32_t len, uint32_t tag, uint8_t fill)
{
	struct ring_rec rec;
	uint8_t *at;

	assert_int_equal(ring_next(&p->out, &rec, &at), 1);
	assert_int_equal(rec.len, len);
	assert_int_equal(rec.tag, tag);
	for (uint32_t i = 0; i < len; i++)
		assert_int_equal(at[i], fill);
	ring_pop(&p->out, &rec);
}

static void empty_has_nothing(void **state)
{
	struct pair *p = *state;
	struct ring_rec rec;
	uint8_t *at;

	assert_false(ring_ready(&p->out));
	assert_int_equal(ring_next(&p->out, &rec, &at), 0);
}

static void records_come_out_as_they_went_in(void **state)
{
	struct pair *p = *state;

	assert_int_equal(put(p, 5, 1, 'a'), 0);
	assert_int_equal(put(p, 0, 2, 0), 0);
	assert_int_equal(put(p, SIZE / 2 - 64, 3, 'c'), 0);
	assert_true(ring_ready(&p->out));
	take(p, 5, 1, 'a');
	take(p, 0, 2, 0);
	take(p, SIZE / 2 - 64, 3, 'c');
	empty_has_nothing(state);
}

static void too_long_never_fits(void **state)
{
	assert_int_equal(put(*state, ring_max(SIZE) + 1, 0, 0), RING_ENOSPC);
	assert_int_equal(put(*state, SIZE / 2, 0, 0), RING_ENOSPC);
	assert_int_equal(put(*state, UINT32_MAX, 0, 0), RING_ENOSPC);
}

static void the_longest_fits_wherever_the_ring_is_empty(void **state)
{
	struct pair *p = *state;

	for (uint32_t at = 0; at < 2 * SIZE; at += 8) {
		p->in.mine = p->out.mine = p->ring->head = p->ring->tail = at;
		assert_int_equal(put(p, ring_max(SIZE), 0, 'm'), 0);
		take(p, ring_max(SIZE), 0, 'm');
	}
}

static void full_says_so_and_recovers(void **state)
{
	struct pair *p = *state;
	unsigned n = 0;

	while (put(p, 100, n, 'x') == 0)
		n++;
	assert_int_equal(n, SIZE / ring_padded(100));
	assert_int_equal(put(p, 100, 0, 'x'), RING_ENOSPC);
	take(p, 100, 0, 'x');
	take(p, 100, 1, 'x');
	assert_int_equal(put(p, 100, n, 'x'), 0);
}

static void unpushed_space_is_invisible(void **state)
{
	struct pair *p = *state;
	int err;

	assert_non_null(ring_space(&p->in, 64, &err));
	empty_has_nothing(state);
}

static void a_shorter_record_may_be_pushed(void **state)
{
	struct pair *p = *state;
	int err;
	uint8_t *at = ring_space(&p->in, 2000, &err);

	at[0] = 'q';
	ring_push(&p->in, 1, 9);
	take(p, 1, 9, 'q');
}

// Against a model: a queue of lengths, over enough bytes to wrap the data many times, and the
// indices once.
static void random_traffic(void **state)
{
	struct pair *p = *state;
	uint32_t first = 0, next = 0, *len = calloc(300000, sizeof(*len));

	p->in.mine = p->out.mine = p->ring->head = p->ring->tail = (uint32_t)-65536;
	srand(1);
	while (next < 200000) {
		uint32_t n = (uint32_t)rand() % (rand() % 8 ? 200 : ring_max(SIZE) + 1);

		if (put(p, n, next, (uint8_t)next) == 0)
			len[next++] = n;
		else
			assert_true(next > first);
		while (first < next && rand() % 3)
			take(p, len[first], first, (uint8_t)first), first++;
	}
	while (first < next)
		take(p, len[first], first, (uint8_t)first), first++;
	empty_has_nothing(state);
	free(len);
}

static void refused(struct pair *p)
{
	struct ring_rec rec;
	uint8_t *at;

	assert_int_equal(ring_next(&p->out, &rec, &at), RING_EPROTO);
}

static void head_too_far(void **state)
{
	struct pair *p = *state;

	p->ring->head = SIZE + 8;
	refused(p);
}

static void head_behind(void **state)
{
	struct pair *p = *state;

	p->ring->head = (uint32_t)-8;
	refused(p);
}

static void head_unaligned(void **state)
{
	struct pair *p = *state;

	p->ring->head = 12;
	refused(p);
}

static void record(struct pair *p, uint32_t at, uint32_t len, uint32_t head)
{
	struct ring_rec rec = { .len = len, .tag = 0 };

	memcpy(p->ring->data + at, &rec, sizeof(rec));
	p->ring->head = head;
}

static void record_longer_than_what_is_there(void **state)
{
	record(*state, 0, 100, 64);
	refused(*state);
}

static void record_longer_than_allowed(void **state)
{
	record(*state, 0, ring_max(SIZE) + 1, SIZE);
	refused(*state);
}

static void record_length_near_overflow(void **state)
{
	record(*state, 0, UINT32_MAX - 1, SIZE);
	refused(*state);
	record(*state, 0, UINT32_MAX - 8, SIZE);
	refused(*state);
}

static void record_beyond_the_end(void **state)
{
	struct pair *p = *state;

	p->out.mine = SIZE - 64;
	record(p, SIZE - 64, 100, SIZE - 64 + 256);
	refused(p);
}

static void wrap_without_anything_behind(void **state)
{
	record(*state, 0, RING_WRAP, 8);
	refused(*state);
}

static void wrap_after_wrap(void **state)
{
	struct pair *p = *state;

	p->out.mine = SIZE - 64;
	record(p, SIZE - 64, RING_WRAP, SIZE + 16);
	record(p, 0, RING_WRAP, SIZE + 16);
	refused(p);
}

static void hostile_tail(void **state)
{
	struct pair *p = *state;
	const uint32_t tails[] = { 8, 4, SIZE, (uint32_t)-(int32_t)SIZE - 8, 0x80000000u };

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		p->ring->tail = tails[i];
		assert_int_equal(put(p, 10, 0, 0), RING_EPROTO);
	}
}

#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(empty_has_nothing),
		T(records_come_out_as_they_went_in),
		T(too_long_never_fits),
		T(the_longest_fits_wherever_the_ring_is_empty),
		T(full_says_so_and_recovers),
		T(unpushed_space_is_invisible),
		T(a_shorter_record_may_be_pushed),
		T(random_traffic),
		T(head_too_far),
		T(head_behind),
		T(head_unaligned),
		T(record_longer_than_what_is_there),
		T(record_longer_than_allowed),
		T(record_length_near_overflow),
		T(record_beyond_the_end),
		T(wrap_without_anything_behind),
		T(wrap_after_wrap),
		T(hostile_tail),
	};

	return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
