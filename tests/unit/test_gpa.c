// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The one function that makes pointers of guest addresses.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <monitor/gpa.h>

static uint8_t memory[0x4000];
static const struct gpa_space space = { memory, { 0x200000 }, sizeof(memory) };

static void *at(uint64_t gpa, uint64_t len)
{
	return gpa_pointer(&space, (struct gpa){ gpa }, len);
}

static void inside(void **state)
{
	assert_ptr_equal(at(0x200000, 1), memory);
	assert_ptr_equal(at(0x200000, 0x4000), memory);
	assert_ptr_equal(at(0x203fff, 1), memory + 0x3fff);
	assert_ptr_equal(at(0x201000, 0x3000), memory + 0x1000);
}

static void outside(void **state)
{
	assert_null(at(0x1fffff, 1));
	assert_null(at(0x204000, 1));
	assert_null(at(0, 1));
	assert_null(at(0x200000, 0));
	assert_null(at(0x204000, 0));
	assert_null(at(0x200000, 0x4001));
	assert_null(at(0x203fff, 2));
	assert_null(at(0x201000, 0x3001));
}

static void overflow(void **state)
{
	assert_null(at(UINT64_MAX, 1));
	assert_null(at(UINT64_MAX, UINT64_MAX));
	assert_null(at(0x200001, UINT64_MAX));
	assert_null(at(0x200000, UINT64_MAX));
	assert_null(at(0x203000, UINT64_MAX - 0x202fff));
	assert_null(at(0x8000000000200000, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(inside), cmocka_unit_test(outside), cmocka_unit_test(overflow) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
