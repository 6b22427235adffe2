// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm/chunk.c: the software page table: sparse, dense, walked in part, and cleared while it is walked.
#include "mm/env.h"

#define BASE 0x20000000ul

static int begin(void **state)
{
	env_begin(16 * MIB, 0);
	return 0;
}

static int end(void **state)
{
	chunk_drop_empty(env_mm, 0, USER_HIGH);
	env_end();
	return 0;
}

static uint32_t image_pte(void) { return pte_make(env_mm, env_boot.image_pa, false); }

static void count(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg) { ++*(size_t *)arg; }
static void clear(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg) { pte_clear(mm, va, pte); }

static size_t count_in(uintptr_t start, uintptr_t stop)
{
	size_t n = 0;

	pte_each(env_mm, start, stop, count, &n);
	return n;
}

static void test_entries(void **state)
{
	paddr_t ram = env_boot.ram_pa + env_boot.ram_len - PAGE_SIZE, image = env_boot.image_pa + 5 * PAGE_SIZE;

	assert_int_equal(pte_pa(env_mm, pte_make(env_mm, ram, true)), ram);
	assert_int_equal(pte_pa(env_mm, pte_make(env_mm, image, false)), image);
	assert_true(pte_make(env_mm, ram, true) & PTE_OWNED);
	assert_true(pte_make(env_mm, image, false) & PTE_IMAGE);
}

static void test_absent(void **state)
{
	assert_null(pte_find(env_mm, BASE));
	assert_null(chunk_find(env_mm, 0));
	assert_int_equal(count_in(0, USER_HIGH), 0);
	chunk_drop_empty(env_mm, 0, USER_HIGH);
}

static void test_parts(void **state)
{
	for (size_t i = 0; i < 3 * CHUNK_PAGES; i += 3)
		assert_int_equal(pte_set(env_mm, BASE + i * PAGE_SIZE, image_pte()), 0);
	assert_int_equal(env_mm->chunk_count, 3);
	assert_int_equal(count_in(BASE, BASE + CHUNK_SIZE), 171);
	assert_int_equal(count_in(BASE + PAGE_SIZE, BASE + 3 * PAGE_SIZE), 0);
	assert_int_equal(count_in(BASE + CHUNK_SIZE - 2 * PAGE_SIZE, BASE + CHUNK_SIZE + 2 * PAGE_SIZE), 2);
	assert_int_equal(count_in(BASE, BASE), 0);
	assert_int_equal(count_in(0, USER_HIGH), CHUNK_PAGES);
	pte_each(env_mm, BASE + CHUNK_SIZE, BASE + 2 * CHUNK_SIZE, clear, NULL);
	assert_int_equal(chunk_find(env_mm, BASE + CHUNK_SIZE)->present, 0);
	chunk_drop_empty(env_mm, BASE, BASE + CHUNK_SIZE);
	assert_int_equal(env_mm->chunk_count, 3);
	chunk_drop_empty(env_mm, 0, USER_HIGH);
	assert_int_equal(env_mm->chunk_count, 2);
	pte_each(env_mm, 0, USER_HIGH, clear, NULL);
}

// Hundreds of far chunks: the hash grows, and all go while it is walked.
static void test_sparse(void **state)
{
	for (size_t i = 1; i <= 500; i++)
		assert_int_equal(pte_set(env_mm, i << 33, image_pte()), 0);
	assert_true(env_mm->bucket_count >= 250);
	for (size_t i = 1; i <= 500; i++)
		assert_true(pte_find(env_mm, i << 33) && *pte_find(env_mm, i << 33));
	assert_int_equal(count_in(0, 251ul << 33), 250);
	pte_each(env_mm, 0, USER_HIGH, clear, NULL);
	chunk_drop_empty(env_mm, 0, USER_HIGH);
	assert_int_equal(env_mm->chunk_count, 0);
}

static void test_memory_fails(void **state)
{
	size_t objects = env_objects();

	for (long n = 1; n <= 3; n++) {
		env_fail_from(n, true);
		for (size_t i = 1; i < 100; i++)
			if (pte_set(env_mm, BASE + i * CHUNK_SIZE, image_pte()))
				break;
		env_fail_from(0, false);
		assert_true(count_in(0, USER_HIGH) < 99);
		pte_each(env_mm, 0, USER_HIGH, clear, NULL);
		chunk_drop_empty(env_mm, 0, USER_HIGH);
		assert_in_range(env_objects(), objects, objects + 1); // the table of the hash
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_entries, begin, end),
		cmocka_unit_test_setup_teardown(test_absent, begin, end),
		cmocka_unit_test_setup_teardown(test_parts, begin, end),
		cmocka_unit_test_setup_teardown(test_sparse, begin, end),
		cmocka_unit_test_setup_teardown(test_memory_fails, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
