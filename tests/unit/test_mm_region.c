// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm/region.c, kernel/mm/region_tree.c: split, join, gaps, and the reserve that comes first.
#include <linux/mman.h>

#include "mm/env.h"

#define BASE 0x20000000ul
#define P PAGE_SIZE

static int begin(void **state)
{
	env_begin(16 * MIB, 0);
	return 0;
}

static int end(void **state)
{
	env_check();
	env_end();
	return 0;
}

static void add(size_t first, size_t last, unsigned prot)
{
	struct region r = { .start = BASE + first * P, .end = BASE + last * P, .prot = prot };

	assert_int_equal(region_reserve(env_mm), 0);
	assert_non_null(region_insert(env_mm, &r));
}

static void test_find(void **state)
{
	assert_null(region_find(env_mm, BASE));
	assert_null(mm_region_at_or_above(env_mm, 0));
	add(4, 6, PROT_R);
	add(0, 2, PROT_R);
	assert_int_equal(env_mm->count, 2);
	assert_int_equal(region_find(env_mm, BASE + 2 * P - 1)->start, BASE);
	assert_null(region_find(env_mm, BASE + 2 * P));
	assert_null(region_find(env_mm, BASE - 1));
	assert_int_equal(mm_region_at_or_above(env_mm, BASE + 2 * P)->start, BASE + 4 * P);
	assert_null(mm_region_at_or_above(env_mm, BASE + 6 * P));
}

static void test_join(void **state)
{
	add(0, 2, PROT_R);
	add(4, 6, PROT_R);
	add(2, 4, PROT_R);
	assert_int_equal(env_mm->count, 1);
	assert_int_equal(region_at(env_mm, 0)->end, BASE + 6 * P);
	add(6, 8, PROT_R | PROT_W); // other rights stay apart
	assert_int_equal(env_mm->count, 2);
	region_at(env_mm, 0)->next->prot = PROT_R;
	region_at(env_mm, 0)->next->name = "[other]";
	region_join(env_mm, BASE, BASE + 8 * P);
	assert_int_equal(env_mm->count, 2);
}

static void test_split_and_join_a_file(void **state)
{
	struct env_file f;
	struct region r = { .start = BASE, .end = BASE + 6 * P, .prot = PROT_R, .vnode = &f.v, .off = 3 * P };

	env_file_init(&f, 9, 0, false);
	assert_int_equal(region_reserve(env_mm), 0);
	region_insert(env_mm, &r);
	region_split(env_mm, BASE);
	region_split(env_mm, BASE + 6 * P);
	assert_int_equal(env_mm->count, 1); // at a border there is nothing to split
	region_split(env_mm, BASE + 2 * P);
	assert_int_equal(env_mm->count, 2);
	assert_int_equal(region_at(env_mm, 0)->next->off, 5 * P);
	assert_int_equal(f.v.refs, 3);
	region_at(env_mm, 0)->next->off = 4 * P; // another place of the file: not to be joined
	region_join(env_mm, BASE, BASE + 6 * P);
	assert_int_equal(env_mm->count, 2);
	region_at(env_mm, 0)->next->off = 5 * P;
	region_join(env_mm, BASE, BASE + 6 * P);
	assert_int_equal(env_mm->count, 1);
	region_remove(env_mm, region_at(env_mm, 0));
	assert_int_equal(f.v.refs, 1);
	env_file_drop(&f);
}

static void test_reserve_fails(void **state)
{
	void *hold[100];
	size_t held = 0;

	env_fail_from(1, true);
	while ((hold[held] = kmalloc(sizeof(struct region)))) // what the slab still has
		held++;
	assert_int_equal(region_reserve(env_mm), -ENOMEM);
	assert_int_equal(mm_map(env_mm, BASE, P, PROT_R, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0), -ENOMEM);
	assert_int_equal(mm_brk(env_mm, BASE), 0);
	assert_int_equal(env_mm->count, 0);
	env_fail_from(0, false);
	while (held)
		kfree(hold[--held]);
	assert_int_equal(region_reserve(env_mm), 0);
}

static void test_insert_needs_a_reserve(void **state)
{
	struct region r = { .start = BASE, .end = BASE + P };

	expect_assert_failure(region_insert(env_mm, &r));
}

static void test_ranges(void **state)
{
	uintptr_t stop;

	assert_true(range_end(BASE, 1, &stop) && stop == BASE + P);
	assert_true(range_end(BASE, 0, &stop) && stop == BASE);
	assert_false(range_end(BASE, SIZE_MAX, &stop));
	assert_false(range_end(-P, 2 * P, &stop));
	assert_true(range_valid(USER_LOW, P));
	assert_false(range_valid(USER_LOW - P, P));
	assert_false(range_valid(USER_HIGH, P));
	assert_false(range_valid(WINDOW_LOW, P));
	assert_false(range_valid(WINDOW_LOW - P, WINDOW_HIGH));
	assert_false(range_valid(BASE, SIZE_MAX - 5));
	add(0, 4, PROT_R);
	assert_false(range_free(env_mm, BASE + 3 * P, BASE + 5 * P));
	assert_true(range_free(env_mm, BASE + 4 * P, BASE + 5 * P));
}

static void test_gaps(void **state)
{
	uintptr_t top = BASE + 10 * P;

	add(2, 4, PROT_R);
	add(7, 10, PROT_R);
	assert_int_equal(gap_below(top, P, P), BASE + 6 * P);
	assert_int_equal(gap_below(top, 3 * P, P), BASE + 4 * P);
	assert_int_equal(gap_below(top, 4 * P, P), BASE - 2 * P);
	assert_int_equal(gap_below(BASE + 3 * P, P, P), BASE + P); // top inside a region
	assert_int_equal(gap_below(top, P, 2 * MIB), BASE);
	assert_int_equal(gap_below(WINDOW_LOW + 5 * P, P, P), WINDOW_LOW - P);
	assert_int_equal(gap_below(WINDOW_HIGH + P, P, P), WINDOW_HIGH);
	assert_int_equal(gap_below(WINDOW_HIGH + P, 2 * P, P), WINDOW_LOW - 2 * P);
	assert_int_equal(gap_below(USER_LOW + P, 2 * P, P), 0);
	assert_int_equal(gap_below(top, SIZE_MAX & ~(P - 1), P), 0);
}

// Of many regions, in an order that a program may choose: found, room beside them found, and all taken out again. The shape of the
// tree is checked by env_check().
static void test_many(void **state)
{
	enum { COUNT = 4096 };
	uintptr_t top = BASE + 2 * COUNT * P;

	for (size_t i = 0; i < COUNT; i++) // every second page, from the middle outwards
		add(2 * (i % 2 ? COUNT / 2 + i / 2 : COUNT / 2 - 1 - i / 2) + 1,
		    2 * (i % 2 ? COUNT / 2 + i / 2 : COUNT / 2 - 1 - i / 2) + 2, PROT_R);
	env_check();
	assert_int_equal(env_mm->count, COUNT);
	assert_int_equal(gap_below(top, P, P), top - 2 * P);
	assert_int_equal(gap_below(top, 2 * P, P), BASE - P);
	region_remove(env_mm, region_find(env_mm, BASE + 101 * P));
	assert_int_equal(gap_below(top, 2 * P, P), BASE + 101 * P);
	assert_int_equal(gap_below(top, 3 * P, P), BASE + 100 * P);
	assert_int_equal(gap_below(BASE + 100 * P, 3 * P, P), BASE - 2 * P);
	for (size_t i = 0; i < COUNT; i++) {
		struct region *r = region_find(env_mm, BASE + (2 * i + 1) * P);

		assert_true(r ? r->start == BASE + (2 * i + 1) * P : i == 50);
		if (r && i % 3)
			region_remove(env_mm, r);
	}
	env_check();
	assert_int_equal(gap_below(top, 5 * P, P), top - 6 * P); // the last and the last but three are left
	assert_int_equal(gap_below(top, 6 * P, P), BASE - 5 * P);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_find, begin, end),
		cmocka_unit_test_setup_teardown(test_join, begin, end),
		cmocka_unit_test_setup_teardown(test_split_and_join_a_file, begin, end),
		cmocka_unit_test_setup_teardown(test_reserve_fails, begin, end),
		cmocka_unit_test_setup_teardown(test_insert_needs_a_reserve, begin, end),
		cmocka_unit_test_setup_teardown(test_ranges, begin, end),
		cmocka_unit_test_setup_teardown(test_gaps, begin, end),
		cmocka_unit_test_setup_teardown(test_many, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
