// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Standard input on its way into the ring: all of it comes out, also where it is looked for in vain.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <pith/console.h>

#define SIZE 4096u

static struct console c;
static struct ring_end guest;
static long next_read; // what the next read gives
static char next_byte;

static long fake_read(int fd, void *buf, unsigned long n)
{
	assert_true(next_read <= (long)n);
	for (long i = 0; i < next_read; i++)
		((char *)buf)[i] = next_byte++;
	return next_read;
}

static const struct console_io io = { .read = fake_read };

static int set_up(void **state)
{
	struct ring *ring = aligned_alloc(64, (ring_bytes(SIZE) + 63) & ~63ul);

	memset(ring, 0, ring_bytes(SIZE));
	c = (struct console){ .in = { .ring = ring, .size = SIZE } };
	guest = c.in;
	next_byte = 0;
	return 0;
}

static int tear_down(void **state)
{
	free(guest.ring);
	return 0;
}

// The guest takes one record; it must be `len` long and go on with `first`.
static void taken(uint32_t len, char first)
{
	struct ring_rec rec;
	uint8_t *p;

	assert_int_equal(ring_next(&guest, &rec, &p), 1);
	assert_int_equal(rec.len, len);
	if (len)
		assert_int_equal((char)p[0], first);
	ring_pop(&guest, &rec);
}

static void input_comes_out(void **state)
{
	char first;

	for (long n = 1; n <= 2040; n += 13) {
		// Nothing there, interrupted, and nothing there once more: at every place of the ring.
		const long vain[] = { CONSOLE_EAGAIN, CONSOLE_EINTR, CONSOLE_EAGAIN };

		for (int i = 0; i < 3; i++) {
			assert_true(console_wants(&c));
			next_read = vain[i];
			console_fill(&c, &io);
			assert_false(ring_ready(&guest));
		}
		next_read = n;
		first = next_byte;
		assert_true(console_wants(&c));
		console_fill(&c, &io);
		assert_false(console_wants(&c)); // before the guest has taken it
		taken((uint32_t)n, first);
	}
}

static void end_and_errors_are_empty_records(void **state)
{
	next_read = 0;
	console_fill(&c, &io);
	taken(0, 0);
	next_read = -5;
	console_fill(&c, &io);
	taken(0, 0);
}

static void a_guest_that_lies_has_no_input(void **state)
{
	const uint32_t tails[] = { 8, 0xfffffff8, 3, SIZE * 2 };

	for (unsigned i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		guest.ring->tail = guest.ring->head = tails[i];
		next_read = 100;
		console_fill(&c, &io);
		if (!c.in.ring) {
			c.in.ring = guest.ring;
			continue;
		}
		assert_true(c.in.mine <= SIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(input_comes_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(end_and_errors_are_empty_records, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_guest_that_lies_has_no_input, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("console", tests, NULL, NULL);
}
