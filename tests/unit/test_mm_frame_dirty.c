// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm/frame.c on RAM that is not zeros at the start and that nobody takes back.
#include <stdlib.h>
#include <sys/mman.h>

#include "mm/env.h"

#define PAGE PAGE_SIZE
#define VA 0x7f0000000000ul

static int begin(void **state)
{
	env_begin(64 * MIB, BOOT_RAM_DIRTY | BOOT_RAM_KEPT);
	return 0;
}

static int end(void **state)
{
	assert_int_equal(env_calls.release, 0);
	assert_int_equal(frame_trim_time(), UINT64_MAX);
	env_check();
	env_end();
	return 0;
}

static void assert_zeros(paddr_t pa, size_t len)
{
	const uint64_t *p = page_va(pa);

	for (size_t i = 0; i < len / 8; i++)
		assert_int_equal(p[i], 0);
}

// First. Pages that alignment skips join with what is free below them, not with what comes: there
// the array says that it is free.
static void test_array_was_not_zeros(void **state)
{
	paddr_t pa, block;
	size_t left;

	do
		pa = frame_alloc(0, true);
	while (frame_number(frame_page(pa)) % 16);
	frame_put(pa);
	left = frame_available();
	block = frame_alloc(3, true);
	assert_int_equal(block, pa + 8 * PAGE);
	assert_int_equal(frame_alloc(3, false), pa);
	assert_int_equal(frame_available(), left - 16);
	frame_free(block, 3);
	frame_free(pa, 3);
	while ((pa -= PAGE) >= env_boot.ram_pa && frame_page(pa)->kind == PAGE_USED)
		frame_put(pa);
}

// What alignment skips is not taken for zeros either.
static void test_untouched_pages_are_zeroed(void **state)
{
	paddr_t pa[20];

	for (unsigned i = 0; i < 20; i++) {
		unsigned order = (i * 7) % 10;

		pa[i] = frame_alloc(order, true);
		assert_true(pa[i] != 0);
		assert_zeros(pa[i], PAGE << order);
		memset(page_va(pa[i]), 0xff, PAGE << order);
	}
	for (unsigned i = 0; i < 20; i++)
		frame_free(pa[i], (i * 7) % 10);
}

static void test_program_sees_zeros(void **state)
{
	uint32_t value;

	assert_int_equal(mm_map(env_mm, VA, 4 * MIB, PROT_R | PROT_W,
				MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, NULL, 0),
			 VA);
	for (size_t at = 0; at < 4 * MIB; at += PAGE) {
		assert_int_equal(env_read(VA + at, &value), 0);
		assert_int_equal(value, 0);
		assert_int_equal(env_write(VA + at + 8, 7), 0);
		assert_int_equal(env_read(VA + at + 16, &value), 0);
		assert_int_equal(value, 0);
	}
}

// All of it can be had, each frame once and zeroed, and it comes back whole.
static void test_exhaustion(void **state)
{
	static paddr_t got[64 * MIB / PAGE_SIZE];
	uint64_t left = frame_available();
	size_t n = 0;

	while ((got[n] = frame_alloc(0, true))) {
		assert_zeros(got[n], PAGE);
		*(uint64_t *)page_va(got[n]) = n + 1;
		n++;
	}
	assert_int_equal(n, left);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(*(uint64_t *)page_va(got[i]), i + 1);
	for (size_t i = 0; i < n; i++)
		frame_put(got[i]);
	assert_int_equal(frame_available(), left);
}

static void test_nothing_goes_back(void **state)
{
	paddr_t pa[16];

	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 16; i++) {
			pa[i] = frame_alloc(9, true);
			assert_true(pa[i] != 0);
			assert_zeros(pa[i], 2 * MIB);
			memset(page_va(pa[i]), 0xff, 2 * MIB);
		}
		for (unsigned i = 0; i < 16; i++)
			frame_free(pa[i], 9);
		env_now += 11000000000ull;
		frame_trim_idle();
		assert_int_equal(env_calls.release, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_array_was_not_zeros, begin, end),
		cmocka_unit_test_setup_teardown(test_untouched_pages_are_zeroed, begin, end),
		cmocka_unit_test_setup_teardown(test_program_sees_zeros, begin, end),
		cmocka_unit_test_setup_teardown(test_exhaustion, begin, end),
		cmocka_unit_test_setup_teardown(test_nothing_goes_back, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
