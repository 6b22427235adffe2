// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm/frame.c: blocks, counts, and what goes back to the host.
#include <stdlib.h>

#include "mm/env.h"

#define PAGE PAGE_SIZE

static int begin(void **state)
{
	env_now += 1000000000000ull; // calm since the last test
	env_begin(64 * MIB, 0);
	return 0;
}

static int end(void **state)
{
	env_check();
	env_end();
	return 0;
}

static void test_alignment_and_counts(void **state)
{
	for (unsigned order = 0; order <= 9; order++) {
		uint64_t before = frame_available();
		paddr_t pa = frame_alloc(order, true);
		const char *p = page_va(pa);

		assert_true(pa != 0);
		assert_int_equal((pa - env_boot.ram_pa) & ((PAGE << order) - 1), 0);
		assert_int_equal(frame_available(), before - (1u << order));
		for (size_t i = 0; i < PAGE << order; i += 64)
			assert_int_equal(p[i], 0);
		memset(page_va(pa), 0xff, PAGE << order);
		assert_int_equal(page_pa(p + 5), pa + 5);
		frame_get(pa);
		assert_int_equal(frame_count(pa), 2);
		frame_free(pa, order);
		assert_int_equal(frame_available(), before - 1);
		frame_put(pa);
		assert_int_equal(frame_available(), before);
	}
}

static void test_refuses(void **state)
{
	assert_int_equal(frame_alloc(10, false), 0);
	assert_int_equal(frame_alloc(~0u, false), 0);
	assert_false(pa_is_ram(env_boot.ram_pa - 1));
	assert_false(pa_is_ram(env_boot.ram_pa + env_boot.ram_len));
	assert_false(pa_is_ram(env_boot.image_pa));
	assert_false(pa_is_ram(UINT64_MAX));
}

static void test_image_pages_have_no_count(void **state)
{
	frame_get(env_boot.image_pa);
	frame_put(env_boot.image_pa);
	frame_put(env_boot.image_pa);
	assert_int_equal(frame_count(env_boot.image_pa), 1);
	assert_ptr_equal(page_va(env_boot.image_pa + 7), (char *)env_boot.image_va + 7);
	assert_int_equal(page_pa((char *)env_boot.image_va + 7), env_boot.image_pa + 7);
}

static void test_misuse_is_caught(void **state)
{
	paddr_t pa = frame_alloc(0, false);

	frame_put(pa);
	expect_assert_failure(frame_put(pa));
	expect_assert_failure(page_va(env_boot.image_pa + env_boot.image_len));
	expect_assert_failure(page_va(0));
	expect_assert_failure(page_pa((void *)16));
}

static void test_too_little_memory_panics(void **state)
{
	struct boot_block b = { .ram_pa = PAGE, .ram_len = 2 * PAGE, .ram_free_off = PAGE };

	expect_assert_failure(frame_init(&b));
}

// All of it can be had, each frame once, and it comes back whole.
static void test_exhaustion(void **state)
{
	static paddr_t got[64 * MIB / PAGE_SIZE];
	uint64_t left = frame_available();
	size_t n = 0;

	while ((got[n] = frame_alloc(0, true))) {
		assert_int_equal(*(uint64_t *)page_va(got[n]), 0);
		*(uint64_t *)page_va(got[n]) = n + 1;
		n++;
	}
	assert_int_equal(n, left);
	assert_int_equal(frame_available(), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(*(uint64_t *)page_va(got[i]), i + 1);
	for (size_t i = 0; i < n; i += 2)
		frame_put(got[i]);
	assert_int_equal(frame_alloc(1, false), 0); // only single pages are free
	for (size_t i = 1; i < n; i += 2)
		frame_put(got[i]);
	assert_int_equal(frame_available(), left);
	for (size_t i = 0; i < 16; i++) // and joined again
		assert_true((got[i] = frame_alloc(9, false)) != 0);
	for (size_t i = 0; i < 16; i++)
		frame_free(got[i], 9);
}

// Fixed seeds: blocks of all sizes, filled with a value of their own; nobody else's is ever changed.
static void test_random(void **state)
{
	enum { N = 300 };
	static struct { paddr_t pa; unsigned order; uint64_t mark; } b[N];
	uint64_t left = frame_available();

	srandom(7);
	for (uint64_t round = 1; round < 20000; round++) {
		size_t i = (size_t)random() % N;
		bool zeroed = random() & 1;
		uint64_t *p;

		if (b[i].pa) {
			p = page_va(b[i].pa);
			assert_int_equal(p[0], b[i].mark);
			assert_int_equal(p[(PAGE << b[i].order) / 8 - 1], b[i].mark);
			frame_free(b[i].pa, b[i].order);
			b[i].pa = 0;
			continue;
		}
		b[i].order = (unsigned)random() % 8;
		b[i].mark = round;
		b[i].pa = frame_alloc(b[i].order, zeroed);
		if (!b[i].pa)
			continue;
		p = page_va(b[i].pa);
		for (size_t k = 0; zeroed && k < (PAGE << b[i].order) / 8; k += 16)
			assert_int_equal(p[k], 0);
		for (size_t k = 0; k < (PAGE << b[i].order) / 8; k++)
			p[k] = round;
	}
	for (size_t i = 0; i < N; i++)
		if (b[i].pa)
			frame_free(b[i].pa, b[i].order);
	assert_int_equal(frame_available(), left);
}

static void use_and_free(size_t blocks)
{
	paddr_t pa[32];

	for (size_t i = 0; i < blocks; i++) {
		pa[i] = frame_alloc(9, true);
		assert_true(pa[i] != 0);
		memset(page_va(pa[i]), 1, 2 * MIB);
	}
	for (size_t i = 0; i < blocks; i++)
		frame_free(pa[i], 9);
}

static void test_freed_memory_goes_back(void **state)
{
	use_and_free(8);
	assert_true(env_released >= 8 * MIB);
	assert_true(env_released / env_calls.release >= 256 * KIB); // in large pieces
}

static void test_no_thrashing(void **state)
{
	for (int i = 0; i < 200; i++)
		use_and_free(4); // 8 MiB
	assert_true(env_released < 64 * MIB);
	env_released = 0;
	env_now += 11000000000ull;
	use_and_free(4); // calm: it goes back
	assert_true(env_released >= 4 * MIB);
}

static void test_little_is_kept(void **state)
{
	use_and_free(1);
	assert_int_equal(env_calls.release, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_too_little_memory_panics), // first: the allocator is not in use yet
		cmocka_unit_test_setup_teardown(test_alignment_and_counts, begin, end),
		cmocka_unit_test_setup_teardown(test_refuses, begin, end),
		cmocka_unit_test_setup_teardown(test_image_pages_have_no_count, begin, end),
		cmocka_unit_test_setup_teardown(test_misuse_is_caught, begin, end),
		cmocka_unit_test_setup_teardown(test_exhaustion, begin, end),
		cmocka_unit_test_setup_teardown(test_random, begin, end),
		cmocka_unit_test_setup_teardown(test_freed_memory_goes_back, begin, end),
		cmocka_unit_test_setup_teardown(test_no_thrashing, begin, end),
		cmocka_unit_test_setup_teardown(test_little_is_kept, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
