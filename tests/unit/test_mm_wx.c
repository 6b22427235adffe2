// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm: memory that is mapped writable and executable.
#include "mm/space.h"

static void test_wx_allowed(void **state)
{
	long at;

	env_end();
	env_begin(8 * MIB, BOOT_WX);
	at = mm_map(env_mm, 0, PAGE, RW | PROT_X, ANON, NULL, 0);
	assert_true(at > 0);
	put((uintptr_t)at, 1);
	assert_int_equal(env_exec((uintptr_t)at), 0);
	assert_int_equal(env_prot_at((uintptr_t)at), RW | PROT_X);
}

// Without --wx a page is one or the other; the platform of the tests refuses both at once.
static void test_wx_switches(void **state)
{
	map(BASE, 4, RW | PROT_X);
	put(BASE, 1);
	put(BASE + PAGE, 2);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(env_exec(BASE), 0);
		assert_int_equal(env_prot_at(BASE), PROT_R | PROT_X);
		assert_int_equal(env_prot_at(BASE + PAGE), RW); // its neighbour stays
		put(BASE, 3);
		assert_int_equal(env_prot_at(BASE), RW);
	}
	assert_int_equal(env_exec(BASE), 0);
	assert_int_equal(mm_protect(env_mm, BASE, 4 * PAGE, RW), 0);
	assert_int_equal(env_prot_at(BASE), RW);
	assert_int_equal(env_exec(BASE), -EFAULT);
	assert_int_equal(mm_protect(env_mm, BASE, 4 * PAGE, PROT_R | PROT_X), 0);
	assert_int_equal(env_exec(BASE + PAGE), 0);
	assert_int_equal(env_write(BASE, 4), -EFAULT);
	assert_int_equal(mm_protect(env_mm, BASE, 4 * PAGE, RW | PROT_X), 0);
	put(BASE + PAGE, 5);
	assert_int_equal(get(BASE), 3);
	assert_int_equal(env_exec(BASE + PAGE), 0);
	assert_int_equal(get(BASE + PAGE), 5);
}

// Of a file: what is executed is the file's page until the first write makes a copy.
static void test_wx_switches_a_file(void **state)
{
	struct env_file f;

	env_file_init(&f, 2, 40, true);
	assert_int_equal(mm_map(env_mm, BASE, 2 * PAGE, RW | PROT_X, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(env_exec(BASE), 0);
	assert_int_equal(env_prot_at(BASE), PROT_R | PROT_X);
	put(BASE, 9);
	assert_int_equal(env_prot_at(BASE), RW);
	assert_int_equal(env_exec(BASE), 0);
	assert_int_equal(get(BASE), 9);
	assert_int_equal(get(BASE + PAGE), 1);
	assert_int_equal(mm_unmap(env_mm, BASE, 2 * PAGE), 0);
	env_file_drop(&f);
}

static void test_wx_refuses_what_writes_to_itself(void **state)
{
	map(BASE, 3, RW | PROT_X);
	put(BASE, 1);
	put(BASE + PAGE, 1);
	env_rip = BASE + 10;
	assert_int_equal(env_exec(BASE), 0);
	assert_int_equal(env_write(BASE, 1), -EFAULT);
	assert_non_null(strstr(env_log, "--wx"));
	assert_int_equal(env_write(BASE + PAGE, 1), 0); // its neighbour it may
	env_rip = BASE + PAGE - 1;                      // half in one page, half in the next
	assert_int_equal(env_exec(BASE + PAGE), 0);
	assert_int_equal(env_write(BASE + PAGE, 1), -EFAULT);
	env_rip = 0;
	assert_int_equal(env_write(BASE + PAGE, 1), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_wx_allowed, begin, end),
		cmocka_unit_test_setup_teardown(test_wx_switches, begin, end),
		cmocka_unit_test_setup_teardown(test_wx_switches_a_file, begin, end),
		cmocka_unit_test_setup_teardown(test_wx_refuses_what_writes_to_itself, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
