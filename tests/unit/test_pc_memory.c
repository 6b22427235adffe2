// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The start-up code's page tables, and which piece of RAM it takes.
#include <stdlib.h>

#include <tests/unit/pc/machine.h>
#include <cmocka.h>

#define TIB (1ull << 40)

static uint64_t reach_pa, reach_len;
static void reach(struct start *s) { start_reach(s, reach_pa, reach_len); }

// Tables as stage one makes them, without what they map.
static int set_up(void **state)
{
	static uint8_t *tables;

	free(tables);
	tables = aligned_alloc(PAGE_SIZE, STAGE1_WORKSPACE);
	memset(tables, 0, STAGE1_TABLES);
	machine_reset();
	((uint64_t *)tables)[0] = ((uint64_t)tables + PAGE_SIZE) | 0x63;
	machine_boot.tables = (uint64_t)tables;
	machine.spare = (uint64_t)tables + STAGE1_STACK_TOP;
	machine.spare_end = (uint64_t)tables + STAGE1_WORKSPACE;
	machine.top = 1ull << 46;
	return 0;
}

static bool try(uint64_t pa, uint64_t len)
{
	machine_failed = NULL;
	reach_pa = pa;
	reach_len = len;
	return machine_run(reach);
}

// What the tables say; 0: nothing.
static uint64_t walk(uint64_t va)
{
	const uint64_t *table = (const uint64_t *)machine_boot.tables;

	for (int shift = 39; shift >= 21; shift -= 9) {
		uint64_t entry = table[va >> shift & 511];

		if (!(entry & 1))
			return 0;
		if (entry & 0x80)
			return (entry & ~0xfffull) | (va & ((1ull << shift) - 1));
		table = (const uint64_t *)(entry & ~0xfffull);
	}
	return 0;
}

static void one_to_one(void **state)
{
	for (int i = 0; i < 2; i++) {
		set_up(NULL);
		machine.has_1g = i;
		assert_true(try(5 * GIB - 8, 16)); // two
		assert_int_equal(walk(5 * GIB - 1), 5 * GIB - 1);
		assert_int_equal(walk(5 * GIB + 12345), 5 * GIB + 12345);
		assert_int_equal(walk(6 * GIB), 0);
		assert_true(try(3 * TIB + 77, 1));
		assert_int_equal(walk(3 * TIB + 77), 3 * TIB + 77);
		assert_true(try(3 * TIB + 77, 0));
		assert_int_equal(machine.spare, machine_boot.tables + STAGE1_STACK_TOP + (i ? 1 : 4) * PAGE_SIZE);
	}
}

static void too_far(void **state)
{
	assert_true(try(machine.top - 8, 8));
	assert_false(try(machine.top - 8, 9));
	assert_string_equal(machine_failed, "this processor has no address 0x3ffffffffff8");
	assert_false(try(UINT64_MAX, 1));
	assert_false(try(UINT64_MAX, 2));
	assert_false(try(0, UINT64_MAX));
	assert_false(try(-4096ull, 8192));
	assert_int_equal(machine.spare, machine_boot.tables + STAGE1_STACK_TOP + PAGE_SIZE);
}

static void too_many_places(void **state)
{
	bool ok = true;
	int n;

	machine.has_1g = false;
	for (n = 0; ok; n++)
		ok = try(4 * GIB + (uint64_t)n * GIB, 1);
	assert_int_equal(n - 1, (STAGE1_WORKSPACE - STAGE1_STACK_TOP) / PAGE_SIZE);
	assert_string_equal(machine_failed, "memory and devices are at too many places");
	assert_false(try(GIB, machine.top / 2));
}

static struct range choose(unsigned n, const struct range *r)
{
	memcpy(machine.machine.ram, r, n * sizeof(*r));
	machine.machine.ram_count = n;
	machine_boot.file = 2 * MIB;
	machine_boot.end = 3 * MIB + 4096;
	return memory_choose(&machine);
}

static void expect(struct range r, uint64_t start, uint64_t end)
{
	assert_int_equal(r.start, start);
	assert_int_equal(r.end, end);
}

static void chooses_the_largest(void **state)
{
	const struct range qemu[] = { { 0, 0x9fc00 }, { MIB, 256 * MIB } };
	const struct range large[] = { { 0, 0x9fc00 }, { MIB, 2 * GIB }, { 4 * GIB, 10 * GIB + 5 } };
	const struct range image_at_end[] = { { 0, 3 * MIB + 4096 }, { 8 * MIB + 1, 11 * MIB } };

	expect(choose(2, qemu), 4 * MIB, 256 * MIB);
	expect(choose(3, large), 4 * GIB, 10 * GIB);
	machine.has_1g = false; // no tables for what is above
	expect(choose(3, large), 4 * MIB, 2 * GIB);
	machine.has_1g = true;
	expect(choose(2, image_at_end), 10 * MIB, 11 * MIB);
}

static void nothing_to_choose(void **state)
{
	const struct range low[] = { { 0, MIB } };
	const struct range image_only[] = { { 2 * MIB, 3 * MIB + 4096 } };
	const struct range small[] = { { 5 * MIB, 6 * MIB - 1 } };

	expect(choose(0, low), 0, 0);
	expect(choose(1, low), 0, 0);
	expect(choose(1, image_only), 0, 0);
	expect(choose(1, small), 0, 0);
}

// Whatever the map says: aligned, without the image, below the top.
static void any_map(void **state)
{
	static const uint64_t edges[] = { 0, 1, MIB, 2 * MIB - 1, 2 * MIB, 2 * MIB + 1, 3 * MIB, 3 * MIB + 4096, 3 * MIB + 4097,
					  4 * GIB - 1, 4 * GIB + 1, 1ull << 46, (1ull << 46) + 1, 1ull << 63, UINT64_MAX - 2 * MIB,
					  UINT64_MAX - 4096, UINT64_MAX };
	const unsigned n = sizeof(edges) / sizeof(*edges);

	for (unsigned i = 0; i < n * n * 2; i++) {
		struct range r = { edges[i / 2 % n], edges[i / 2 / n] };

		if (r.start >= r.end)
			continue;
		machine.has_1g = i & 1;
		r = choose(1, &r);
		assert_int_equal(r.start & (2 * MIB - 1), 0);
		assert_int_equal(r.end & (PAGE_SIZE - 1), 0);
		assert_true(r.end <= (machine.has_1g ? machine.top : 4 * GIB));
		assert_true(r.start < r.end || !r.end);
		assert_true(r.end <= machine_boot.file || r.start >= machine_boot.end);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(one_to_one, set_up),
		cmocka_unit_test_setup(too_far, set_up),
		cmocka_unit_test_setup(too_many_places, set_up),
		cmocka_unit_test_setup(chooses_the_largest, set_up),
		cmocka_unit_test_setup(nothing_to_choose, set_up),
		cmocka_unit_test_setup(any_map, set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
