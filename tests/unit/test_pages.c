// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/fs/pages.c: sparse trees of frames, freed in ranges, against a plain array; and what
// happens when memory ends.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#include "fs/fakes.h"
#include <fs/pages.h>
#include <mm/mm.h>

static bool put(struct page_tree *t, uint64_t index)
{
	uint64_t *slot = pages_slot(t, index, true);

	if (slot && !*slot)
		*slot = frame_alloc(0, true);
	return slot && *slot;
}

static bool has(struct page_tree *t, uint64_t index)
{
	uint64_t *slot = pages_slot(t, index, false);

	return slot && *slot;
}

static void test_one_page_needs_no_node(void **state)
{
	struct page_tree t = { 0 };

	assert_true(put(&t, 0));
	assert_int_equal(fake_allocations, 0);
	assert_int_equal(fake_frames, 1);
	pages_free(&t, 0, 1);
	assert_int_equal(fake_frames, 0);
}

static void test_absent(void **state)
{
	struct page_tree t = { 0 };

	assert_false(has(&t, 0));
	assert_false(has(&t, 1));
	assert_false(has(&t, PAGES_MAX - 1));
	pages_free(&t, 0, PAGES_MAX);
	assert_int_equal(fake_allocations, 0);
}

static void test_sparse(void **state)
{
	static const uint64_t at[] = {
		0, 1, 63, 64, 65, 4095, 4096, 262143, 262144, PAGES_MAX - 1
	};
	struct page_tree t = { 0 };

	for (size_t i = ARRAY_LEN(at); i--;)
		assert_true(put(&t, at[i]));
	for (size_t i = 0; i < ARRAY_LEN(at); i++)
		assert_true(has(&t, at[i]));
	assert_false(has(&t, 2));
	assert_false(has(&t, PAGES_MAX - 2));
	pages_free(&t, 65, PAGES_MAX);
	assert_int_equal(fake_frames, 4);
	assert_true(has(&t, 64));
	assert_false(has(&t, 65));
	pages_free(&t, 0, PAGES_MAX);
	assert_int_equal(fake_frames, 0);
	assert_int_equal(fake_allocations, 0);
}

static void test_ranges(void **state)
{
	enum { N = 9000 };
	struct page_tree t = { 0 };
	static bool model[N];

	srandom(1);
	for (int round = 0; round < 400; round++) {
		uint64_t from = (uint64_t)random() % N, len = (uint64_t)random() % 300,
			 to = MIN(from + len, (uint64_t)N);

		for (uint64_t i = from; i < to; i++) {
			model[i] = round % 3;
			if (round % 3)
				assert_true(put(&t, i));
		}
		if (round % 3 == 0)
			pages_free(&t, from, to);
	}
	long count = 0;

	for (uint64_t i = 0; i < N; i++) {
		assert_int_equal(has(&t, i), model[i]);
		count += model[i];
	}
	assert_int_equal(fake_frames, count);
	pages_free(&t, 0, PAGES_MAX);
	assert_int_equal(fake_allocations + fake_frames, 0);
}

static void test_no_memory(void **state)
{
	for (long n = 0; n < 12; n++) {
		struct page_tree t = { 0 };

		fake_fail_after = -1;
		assert_true(put(&t, 0));
		fake_fail_after = n;
		if (!put(&t, 300000))
			assert_false(has(&t, 300000));
		fake_fail_after = -1;
		assert_true(has(&t, 0));
		pages_free(&t, 0, PAGES_MAX);
		assert_int_equal(fake_allocations + fake_frames, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_page_needs_no_node),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_sparse),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
