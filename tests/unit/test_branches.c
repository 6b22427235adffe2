// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls and jumps of packed images: there and back is nothing, for any bytes.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <monitor/branches.h>

static void put(uint8_t *at, uint8_t op, int32_t v)
{
	*at = op;
	memcpy(at + 1, &v, sizeof(v));
}

static int32_t value(const uint8_t *at)
{
	int32_t v;

	memcpy(&v, at + 1, sizeof(v));
	return v;
}

static void calls_of_one_function_are_alike(void **state)
{
	uint8_t code[64] = { 0 };

	put(code + 10, 0xe8, 20);
	put(code + 20, 0xe8, 10);
	put(code + 30, 0xe9, 0);
	branches_to_addresses(code, sizeof(code));
	assert_memory_equal(code + 11, code + 21, 4);
	assert_memory_equal(code + 11, code + 31, 4);
	assert_int_equal(value(code + 10), 30);
}

static void instructions_that_use_the_same_data_are_alike(void **state)
{
	uint8_t code[64] = { 0 };

	code[9] = 0x8b; // mov 20(%rip), %eax
	put(code + 10, 0x05, 20);
	code[19] = 0x8d; // lea 10(%rip), %ebx
	put(code + 20, 0x1d, 10);
	code[29] = 0x90; // nop; add 0, %eax
	put(code + 30, 0x05, 0);
	branches_to_addresses(code, sizeof(code));
	assert_int_equal(value(code + 10), 30);
	assert_int_equal(value(code + 20), 30);
	assert_int_equal(value(code + 30), 0);
}

// The last byte of a distance is another one once it has been changed: it is no opcode.
static void a_distance_is_no_opcode(void **state)
{
	uint8_t code[64] = { 0 };

	put(code + 10, 0xe8, (int32_t)0x8b000000);
	put(code + 15, 0x05, 1);
	branches_to_addresses(code, sizeof(code));
	assert_int_equal(value(code + 15), 1);
}

// Each kind of distance at each border, at a place of its own.
static void borders(void **state)
{
	static const int32_t distances[] = { 0,	 1,  -1,  -10, -11, 53, 54, 63, 64, 65,
					     -63, -64, -65, INT32_MAX, INT32_MIN };

	for (size_t i = 0; i < sizeof(distances) / sizeof(distances[0]); i++) {
		uint8_t code[64] = { 0 };

		put(code + 10, 0xe8, distances[i]);
		branches_to_addresses(code, sizeof(code));
		branches_to_distances(code, sizeof(code));
		assert_int_equal(value(code + 10), distances[i]);
	}
}

static void any_bytes(void **state)
{
	static const uint8_t likely[] = { 0, 0, 0, 0xff, 0xe8, 0x05, 0x8a, 0x8c, 0x40 };

	srand(1);
	for (unsigned round = 0; round < 20000; round++) {
		uint8_t was[200], now[200];
		size_t len = (size_t)rand() % sizeof(was);

		for (size_t i = 0; i < len; i++)
			was[i] = likely[(size_t)rand() % sizeof(likely)] + (uint8_t)(rand() % 2);
		memcpy(now, was, len);
		branches_to_addresses(now, len);
		branches_to_distances(now, len);
		assert_memory_equal(now, was, len);
	}
}

static void too_short(void **state)
{
	uint8_t code[4] = { 0xe8, 1, 2, 3 };

	branches_to_addresses(code, sizeof(code));
	assert_memory_equal(code, "\xe8\1\2\3", 4);
	branches_to_addresses(NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_of_one_function_are_alike),
		cmocka_unit_test(instructions_that_use_the_same_data_are_alike),
		cmocka_unit_test(a_distance_is_no_opcode),
		cmocka_unit_test(borders),
		cmocka_unit_test(any_bytes),
		cmocka_unit_test(too_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
