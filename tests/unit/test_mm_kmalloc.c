// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm/kmalloc.c and kstack.c.
#include <stdlib.h>

#include "mm/env.h"

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

// The list of free stacks stays.
static int end_keeping(void **state)
{
	env_check();
	return 0;
}

static void test_sizes(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 100, 1024, 1361, 2048, 2049, 4096, 4097, 20000, 65536, 1 << 20, 2 << 20 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		char *p = kmalloc(sizes[i]);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_true(ksize(p) >= sizes[i]);
		memset(p, 0xa5, ksize(p));
		kfree(p);
	}
}

static void test_refuses(void **state)
{
	char *p = kmalloc(40);

	assert_null(kmalloc((2 << 20) + 1));
	assert_null(kmalloc(SIZE_MAX));
	assert_null(kzalloc(1ul << 40));
	memset(p, 3, 40);
	assert_null(krealloc(p, SIZE_MAX));
	assert_int_equal(p[39], 3); // still there
	kfree(p);
	kfree(NULL);
}

static void test_memory_fails(void **state)
{
	size_t before = env_objects();
	char *p = kmalloc(1000);

	env_fail_from(1, true);
	for (size_t n = 1; n < 8192; n *= 2) {
		void *hold[300], *q;
		size_t i = 0;

		while (i < 300 && (q = kmalloc(n))) // what slabs still have, then nothing
			hold[i++] = q;
		assert_true(i < 300);
		while (i)
			kfree(hold[--i]);
	}
	assert_null(krealloc(p, 100000));
	env_fail_from(0, false);
	kfree(p);
	assert_int_equal(env_objects(), before);
}

static void test_misuse_is_caught(void **state)
{
	char *p = kmalloc(5000), *q = kmalloc(64);

	expect_assert_failure(kfree(p + 4096)); // the middle of a run
	expect_assert_failure(kfree(q + 1));
	expect_assert_failure(kfree((void *)8)); // not from here
	kfree(p);
	expect_assert_failure(kfree(p));
	kfree(q);
}

static void test_zeroed(void **state)
{
	for (int i = 0; i < 3; i++) {
		char *p = kzalloc(3000);

		for (size_t k = 0; k < 3000; k++)
			assert_int_equal(p[k], 0);
		memset(p, 1, 3000);
		kfree(p);
	}
}

static void test_grow_and_shrink(void **state)
{
	char *p = krealloc(NULL, 10);

	memset(p, 1, 10);
	for (size_t n = 11; n < 100000; n = n * 3 / 2) {
		p = krealloc(p, n);
		assert_int_equal(p[9], 1);
		memset(p, 1, n);
	}
	for (size_t n = 90000; n > 20; n /= 2) {
		p = krealloc(p, n);
		assert_int_equal(p[n - 1], 1);
	}
	kfree(p);
}

static void test_random(void **state)
{
	enum { N = 500 };
	static struct { unsigned char *p; size_t n; unsigned char mark; } o[N];

	srandom(3);
	for (int round = 0; round < 60000; round++) {
		size_t i = (size_t)random() % N;

		if (o[i].p) {
			assert_int_equal(o[i].p[0], o[i].mark);
			assert_int_equal(o[i].p[o[i].n - 1], o[i].mark);
			kfree(o[i].p);
			o[i].p = NULL;
			continue;
		}
		o[i].n = 1 + (size_t)random() % (random() % 10 ? 300 : 9000);
		o[i].mark = (unsigned char)round;
		o[i].p = kmalloc(o[i].n);
		assert_non_null(o[i].p);
		memset(o[i].p, o[i].mark, o[i].n);
	}
	for (size_t i = 0; i < N; i++)
		kfree(o[i].p);
}

// Stacks have a hole below, are found again, and fail whole.
static void test_stacks(void **state)
{
	enum { N = 20, LEN = 16384 };
	uintptr_t top[N];

	for (size_t i = 0; i < N; i++) {
		top[i] = kstack_alloc(LEN);
		assert_int_equal(env_prot_at(top[i] - PAGE_SIZE), PROT_R | PROT_W);
		assert_int_equal(env_prot_at(top[i] - LEN), PROT_R | PROT_W);
		assert_int_equal(env_prot_at(top[i] - LEN - PAGE_SIZE), 0);
	}
	env_fail_from(1, true);
	assert_int_equal(kstack_alloc(LEN), 0);
	env_fail_from(0, false);
	env_map_fails = 2;
	assert_int_equal(kstack_alloc(LEN), 0);
	env_map_fails = 0;
	for (size_t i = 0; i < N; i++)
		kstack_free(top[i], LEN);
	assert_int_equal(env_mapped_pages(), 8 * LEN / PAGE_SIZE); // a few are kept
	env_calls.map = 0;
	for (size_t i = 0; i < 8; i++)
		top[i] = kstack_alloc(LEN);
	assert_int_equal(env_calls.map, 0);
	for (size_t i = 0; i < 8; i++)
		kstack_free(top[i], LEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_sizes, begin, end),
		cmocka_unit_test_setup_teardown(test_refuses, begin, end),
		cmocka_unit_test_setup_teardown(test_memory_fails, begin, end),
		cmocka_unit_test_setup_teardown(test_misuse_is_caught, begin, end),
		cmocka_unit_test_setup_teardown(test_zeroed, begin, end),
		cmocka_unit_test_setup_teardown(test_grow_and_shrink, begin, end),
		cmocka_unit_test_setup_teardown(test_random, begin, end),
		cmocka_unit_test_setup_teardown(test_stacks, begin, end_keeping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
