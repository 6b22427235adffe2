// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Published ports whose program does not listen yet: which refusals are held back, and for how long.
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <monitor/dev/hold.h>

#define MS 1000000ull
#define SYN 0x02
#define RST_ACK 0x14
#define SYN_ACK 0x12

static struct hold h;
static unsigned again;
static uint8_t f[54];

static int open_ports(void **state)
{
	const struct monitor_port ports[] = { { .guest = 80 }, { .guest = 53, .udp = true }, { .guest = 443 } };

	again = 0;
	return hold_open(&h, ports, 3);
}

static int close_ports(void **state)
{
	hold_close(&h);
	return 0;
}

// From the client with that port to the guest's, or back.
static void tcp(unsigned client, unsigned guest, bool back, uint8_t flags)
{
	unsigned from = back ? guest : client, to = back ? client : guest;

	memset(f, 0, sizeof(f));
	f[12] = 8;
	f[14] = 0x45;
	f[23] = 6;
	f[back ? 33 : 29] = 2;
	f[back ? 29 : 33] = 15;
	f[34] = (uint8_t)(from >> 8);
	f[35] = (uint8_t)from;
	f[36] = (uint8_t)(to >> 8);
	f[37] = (uint8_t)to;
	f[47] = flags;
}

static void ask(unsigned client, unsigned guest, uint64_t now)
{
	tcp(client, guest, false, SYN);
	hold_ask(&h, f, sizeof(f), now);
}

static bool answer(unsigned client, unsigned guest, uint8_t flags, uint64_t now)
{
	tcp(client, guest, true, flags);
	return hold_refusal(&h, f, sizeof(f), now);
}

static void emit(void *arg, const uint8_t *frame, size_t len)
{
	assert_int_equal(len, sizeof(f));
	assert_int_equal(frame[47], SYN);
	again++;
}

static void waits(void **state)
{
	assert_true(hold_due(&h) == UINT64_MAX);
	ask(5000, 80, 0);
	assert_true(hold_due(&h) == UINT64_MAX);
	assert_true(answer(5000, 80, RST_ACK, 10));
	assert_int_equal(hold_due(&h), 10 + MS);
	hold_again(&h, 10, emit, NULL);
	assert_int_equal(again, 0);
	hold_again(&h, 10 + MS, emit, NULL);
	hold_again(&h, 10 + MS, emit, NULL);
	assert_int_equal(again, 1);
	assert_false(answer(5000, 80, SYN_ACK, 2 * MS));
	assert_true(hold_due(&h) == UINT64_MAX);
	// From now on a refusal is one.
	ask(5001, 80, 3 * MS);
	assert_false(answer(5001, 80, RST_ACK, 4 * MS));
	// Of the other port nothing is known.
	ask(5002, 443, 3 * MS);
	assert_true(answer(5002, 443, RST_ACK, 4 * MS));
}

static void others_wait_for_the_same_port(void **state)
{
	ask(5000, 80, 0);
	ask(5001, 80, 0);
	assert_true(answer(5000, 80, RST_ACK, 1));
	assert_true(answer(5001, 80, RST_ACK, 1));
	hold_again(&h, MS + 1, emit, NULL);
	assert_int_equal(again, 2);
	assert_false(answer(5000, 80, SYN_ACK, MS + 2));
	assert_false(answer(5001, 80, SYN_ACK, MS + 2));
}

static void patience_ends(void **state)
{
	ask(5000, 80, 0);
	assert_true(answer(5000, 80, RST_ACK, HOLD_NS - 1));
	hold_again(&h, HOLD_NS + 10 * MS, emit, NULL);
	assert_false(answer(5000, 80, RST_ACK, HOLD_NS + 10 * MS));
	assert_true(hold_due(&h) == UINT64_MAX);
}

static void not_held(void **state)
{
	ask(5000, 81, 0);
	assert_false(answer(5000, 81, RST_ACK, 1)); // not published
	ask(5000, 53, 0);
	assert_false(answer(5000, 53, RST_ACK, 1)); // by UDP
	assert_false(answer(5001, 80, RST_ACK, 1)); // nobody has asked
	tcp(5002, 80, false, SYN_ACK);		    // the guest's own connection
	hold_ask(&h, f, sizeof(f), 0);
	assert_false(answer(5002, 80, RST_ACK, 1));
	ask(5003, 80, 0);
	assert_false(answer(5003, 80, 0x10, 1));
	for (size_t len = 0; len < sizeof(f); len++) {
		tcp(5004, 80, false, SYN);
		hold_ask(&h, f, len, 0);
		tcp(5003, 80, true, RST_ACK);
		assert_false(hold_refusal(&h, f, len, 1));
	}
	assert_false(answer(5004, 80, RST_ACK, 1));
}

static void too_many(void **state)
{
	for (unsigned i = 0; i < HOLD_MAX + 3; i++)
		ask(6000 + i, 80, 0);
	for (unsigned i = 0; i < HOLD_MAX + 3; i++)
		assert_int_equal(answer(6000 + i, 80, RST_ACK, 1), i < HOLD_MAX);
	hold_again(&h, MS + 1, emit, NULL);
	assert_int_equal(again, HOLD_MAX);
	assert_false(answer(6000, 80, SYN_ACK, MS + 2)); // and places are free again
	assert_false(answer(6001, 80, RST_ACK, MS + 2));
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, open_ports, close_ports)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(waits), TEST(others_wait_for_the_same_port), TEST(patience_ends), TEST(not_held), TEST(too_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
