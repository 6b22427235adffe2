// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm: mremap.
#include "mm/space.h"

static void test_remap_refuses(void **state)
{
	map(BASE, 4, RW);
	map(BASE + 4 * PAGE, 4, PROT_R);
	assert_int_equal(mm_remap(env_mm, BASE + 1, PAGE, PAGE, 0, 0), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, PAGE, 0, 0, 0), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, 0, PAGE, MREMAP_MAYMOVE, 0), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, PAGE, PAGE, 0x80, 0), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, PAGE, PAGE, MREMAP_FIXED, 2 * BASE), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, 2 * BASE + 1), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, 4 * PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, BASE + PAGE), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, PAGE, PAGE, MREMAP_FIXED | MREMAP_MAYMOVE, WINDOW_LOW), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, PAGE, SIZE_MAX, MREMAP_MAYMOVE, 0), -EINVAL);
	assert_int_equal(mm_remap(env_mm, BASE, SIZE_MAX, PAGE, MREMAP_MAYMOVE, 0), -EINVAL);
	assert_int_equal(mm_remap(env_mm, 2 * BASE, PAGE, 2 * PAGE, MREMAP_MAYMOVE, 0), -EFAULT);
	assert_int_equal(mm_remap(env_mm, BASE, 8 * PAGE, 9 * PAGE, MREMAP_MAYMOVE, 0), -EFAULT); // two regions
	assert_int_equal(mm_remap(env_mm, BASE, 4 * PAGE, 5 * PAGE, 0, 0), -ENOMEM);
	assert_int_equal(mm_remap(env_mm, BASE, PAGE, 100ul << 40, MREMAP_MAYMOVE, 0), -ENOMEM);
	assert_int_equal(env_mm->count, 2);
}

static void test_remap(void **state)
{
	uintptr_t to;

	map(BASE, 8, RW);
	for (int i = 0; i < 8; i += 2) // partly there
		put(BASE + i * PAGE, 50 + i);
	assert_int_equal(mm_remap(env_mm, BASE, 8 * PAGE, 8 * PAGE, 0, 0), BASE);
	assert_int_equal(mm_remap(env_mm, BASE, 8 * PAGE, 12 * PAGE, 0, 0), BASE); // grows in place
	assert_int_equal(mm_remap(env_mm, BASE, 12 * PAGE, 10 * PAGE, 0, 0), BASE);
	assert_int_equal(env_read(BASE + 10 * PAGE, &(uint32_t){ 0 }), -EFAULT);
	to = (uintptr_t)mm_remap(env_mm, BASE + 2 * PAGE, 4 * PAGE, 600 * PAGE, MREMAP_MAYMOVE, 0); // the middle moves away
	assert_true((long)to > 0);
	assert_int_equal(get(to), 52);
	assert_int_equal(get(to + PAGE), 0);
	assert_int_equal(get(to + 2 * PAGE), 54);
	assert_int_equal(env_read(BASE + 2 * PAGE, &(uint32_t){ 0 }), -EFAULT);
	assert_int_equal(get(BASE), 50);
	assert_int_equal(get(BASE + 6 * PAGE), 56);
	env_check();
	map(3 * BASE, 700, RW);
	put(3 * BASE + 5 * PAGE, 1);
	assert_int_equal(mm_remap(env_mm, to, 600 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, 3 * BASE + 5 * PAGE), 3 * BASE + 5 * PAGE);
	assert_int_equal(get(3 * BASE + 5 * PAGE), 52);
	assert_int_equal(get(3 * BASE + 7 * PAGE), 54);
	assert_int_equal(env_read(to, &(uint32_t){ 0 }), -EFAULT);
}

static void test_remap_file(void **state)
{
	struct env_file f;
	uintptr_t to;

	env_file_init(&f, 8, 100, true);
	assert_int_equal(mm_map(env_mm, BASE, 4 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE);
	map(BASE + 4 * PAGE, 1, RW);
	put(BASE + PAGE, 9); // a copy; its neighbours are the file's
	to = (uintptr_t)mm_remap(env_mm, BASE + PAGE, 3 * PAGE, 7 * PAGE, MREMAP_MAYMOVE, 0);
	assert_int_equal(get(to), 9);
	assert_int_equal(get(to + PAGE), 2);
	assert_int_equal(get(to + 6 * PAGE), 7); // the file goes on
	put(to + PAGE, 10);
	assert_int_equal(f.page[2], 0);
	env_check();
	assert_int_equal(mm_unmap(env_mm, 0, USER_HIGH), 0);
	env_file_drop(&f);
}

static void test_remap_moves_in_few_calls(void **state)
{
	map(BASE, 1024, RW);
	assert_int_equal(mm_populate(env_mm, BASE, 1024 * PAGE, true), 0);
	env_calls = (struct env_calls){ 0 };
	assert_true(mm_remap(env_mm, BASE, 1024 * PAGE, 2048 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, 4 * BASE) > 0);
	assert_true(env_calls.map <= 8);
	assert_int_equal(env_calls.unmap, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_remap_refuses, begin, end),
		cmocka_unit_test_setup_teardown(test_remap, begin, end),
		cmocka_unit_test_setup_teardown(test_remap_file, begin, end),
		cmocka_unit_test_setup_teardown(test_remap_moves_in_few_calls, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
