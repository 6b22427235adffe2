// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm/fork.c: programs at the same addresses, one of them live at a time; each sees its own writes and what is shared.
#include <linux/mman.h>
#include <stdlib.h>

#include "mm/env.h"

#define PAGE PAGE_SIZE
#define BASE (0x40000000ul - 20 * PAGE) // a border of chunks lies inside
#define PAGES 40u
#define FILE_PAGES 40u
#define MEMBERS 5u
#define ANON (MAP_PRIVATE | MAP_FIXED | MAP_ANONYMOUS)

static struct env_file file;

static int begin(void **state)
{
	env_begin(32 * MIB, 0);
	env_file_init(&file, FILE_PAGES, 7000, false);
	return 0;
}

static int end(void **state)
{
	env_end();
	return 0;
}

static uintptr_t va_of(unsigned i) { return BASE + i * PAGE; }

static void map(unsigned first, unsigned count, unsigned prot, unsigned flags, struct vnode *v)
{
	assert_int_equal(mm_map(env_mm, va_of(first), count * PAGE, prot, flags, v, v ? first * PAGE : 0), (long)va_of(first));
}

static void enter(struct mm *mm)
{
	mm_enter(mm);
	env_mm = mm;
	env_check();
}

static uint32_t get(unsigned i)
{
	uint32_t v = 0;

	assert_int_equal(env_read(va_of(i), &v), 0);
	return v;
}

static void put(unsigned i, uint32_t v) { assert_int_equal(env_write(va_of(i), v), 0); }

static void drop(struct mm *mm, struct mm *next)
{
	mm_put(mm);
	env_mm = next;
	env_check();
}

static void test_writes_are_private(void **state)
{
	struct mm *parent = env_mm, *child;

	map(0, 8, PROT_R | PROT_W, ANON, NULL);
	put(0, 1), put(1, 2);
	child = mm_fork(parent);
	assert_non_null(child);
	env_check();
	put(0, 11); // by the parent, first
	assert_int_equal(get(0), 11);
	enter(child);
	assert_int_equal(get(0), 1);
	put(1, 22), put(5, 55);
	enter(parent);
	assert_int_equal(get(0), 11);
	assert_int_equal(get(1), 2);
	assert_int_equal(get(5), 0);
	enter(child);
	assert_int_equal(get(1), 22);
	assert_int_equal(get(5), 55);
	drop(child, parent);
	assert_int_equal(get(1), 2);
	assert_null(parent->family);
}

static void test_shared_is_shared(void **state)
{
	struct mm *parent = env_mm, *child;

	map(0, 4, PROT_R | PROT_W, MAP_SHARED | MAP_FIXED, &file.v);
	map(4, 4, PROT_R | PROT_W, MAP_PRIVATE | MAP_FIXED, &file.v);
	put(0, 1), put(4, 2);
	child = mm_fork(parent);
	enter(child);
	put(0, 3), put(1, 4), put(4, 5);
	enter(parent);
	assert_int_equal(get(0), 3);
	assert_int_equal(get(1), 4);
	assert_int_equal(get(4), 2);
	drop(child, parent);
}

// After the child has gone the parent's pages are its own again: no fault, no copy.
static void test_ownership_comes_back(void **state)
{
	struct mm *parent = env_mm, *child;
	unsigned long allocs;

	map(0, 8, PROT_R | PROT_W, ANON, NULL);
	for (unsigned i = 0; i < 8; i++)
		put(i, i);
	child = mm_fork(parent);
	assert_int_equal(env_prot_at(va_of(3)), PROT_R);
	enter(child);
	put(2, 9);
	drop(child, parent);
	assert_int_equal(env_prot_at(va_of(3)), PROT_R | PROT_W);
	allocs = env_allocs;
	for (unsigned i = 0; i < 8; i++)
		put(i, i + 1);
	assert_int_equal(env_allocs, allocs);
}

static void test_regions_differ(void **state)
{
	struct mm *parent = env_mm, *child;
	uint32_t v;

	map(0, 12, PROT_R | PROT_W, ANON, NULL);
	for (unsigned i = 0; i < 12; i++)
		put(i, i + 1);
	child = mm_fork(parent);
	enter(child);
	assert_int_equal(mm_unmap(child, va_of(2), 2 * PAGE), 0);
	assert_int_equal(mm_protect(child, va_of(6), 2 * PAGE, PROT_R), 0);
	map(20, 2, PROT_R | PROT_W, ANON, NULL);
	put(20, 77);
	enter(parent);
	assert_int_equal(get(2), 3);
	put(6, 66);
	assert_int_equal(env_read(va_of(20), &v), -EFAULT);
	enter(child);
	assert_int_equal(env_read(va_of(2), &v), -EFAULT);
	assert_int_equal(env_write(va_of(6), 1), -EFAULT);
	assert_int_equal(get(6), 7);
	assert_int_equal(get(20), 77);
	drop(child, parent);
}

// A stranger gets nothing where a family is, and the family's members do not mind each other.
static void test_addresses(void **state)
{
	struct mm *parent = env_mm, *child, *stranger = mm_new();
	long at;

	map(0, 4, PROT_R | PROT_W, ANON, NULL);
	child = mm_fork(parent);
	assert_int_equal(mm_map(stranger, BASE, PAGE, PROT_R, ANON, NULL, 0), -ENOMEM);
	at = mm_map(stranger, BASE, PAGE, PROT_R | PROT_W, MAP_PRIVATE | MAP_ANONYMOUS, NULL, 0);
	assert_true(at > 0 && (uintptr_t)at != BASE);
	env_check();
	assert_int_equal(mm_map(child, (uintptr_t)at, PAGE, PROT_R, ANON, NULL, 0), -ENOMEM);
	enter(child);
	map(1, 1, PROT_R, ANON, NULL);
	mm_put(stranger);
	drop(parent, child);
	assert_int_equal(get(1), 0);
}

static void test_memory_fails(void **state)
{
	struct mm *parent = env_mm, *child;

	map(0, 30, PROT_R | PROT_W, ANON, NULL);
	for (unsigned i = 0; i < 30; i++)
		put(i, i);
	for (long n = 1; n < 20; n++) {
		env_fail_from(n, true);
		child = mm_fork(parent);
		env_fail_from(0, false);
		env_check();
		assert_int_equal(get(3), 3);
		if (child)
			drop(child, parent);
	}
	assert_null(parent->family);
}

// Any order of forks, ends, turns and writes, against one plain array for each member.
static void test_random(void **state)
{
	static struct model {
		struct mm *mm;
		uint32_t value[PAGES];
	} members[MEMBERS];
	unsigned now = 0, n;

	srandom(4711);
	map(0, PAGES, PROT_R | PROT_W, ANON, NULL);
	members[0].mm = env_mm;
	for (unsigned step = 0; step < 4000; step++) {
		struct model *m = &members[now];
		unsigned i = (unsigned)random() % PAGES, other = (unsigned)random() % MEMBERS;

		switch (random() % 8) {
		case 0: // fork
			if (members[other].mm)
				break;
			members[other] = *m;
			members[other].mm = mm_fork(m->mm);
			assert_non_null(members[other].mm);
			env_check();
			break;
		case 1: // the end of the one that runs
			if (other == now || !members[other].mm)
				break;
			mm_put(m->mm);
			m->mm = NULL;
			now = other;
			enter(members[now].mm);
			break;
		case 2: // a turn
			if (!members[other].mm)
				break;
			now = other;
			enter(members[now].mm);
			break;
		case 3:
			n = 1 + (unsigned)random() % (PAGES - i);
			map(i, n, PROT_R | PROT_W, ANON, NULL);
			memset(&m->value[i], 0, n * sizeof(m->value[0]));
			env_check();
			break;
		default:
			put(i, m->value[i] = (uint32_t)random());
			assert_int_equal(get((i * 7) % PAGES), m->value[(i * 7) % PAGES]);
		}
	}
	for (unsigned k = 0; k < MEMBERS; k++)
		if (k != now)
			mm_put(members[k].mm);
	env_check();
	assert_null(env_mm->family);
}

// A program that must be where another is, and has nothing in common with it.
static void test_joins(void **state)
{
	struct mm *first = env_mm, *second = mm_new(), *child;

	assert_int_equal(mm_join(second, va_of(0), va_of(4), NULL), 0);
	assert_null(second->family); // nobody is there
	map(2, 8, PROT_R | PROT_W, ANON, NULL);
	map(20, 4, PROT_R, MAP_PRIVATE | MAP_FIXED, &file.v);
	put(2, 12);
	(void)get(20);
	assert_int_equal(mm_join(second, va_of(0), va_of(4), first), 0);
	assert_null(second->family); // it is about to go
	assert_int_equal(mm_join(second, va_of(0), va_of(4), NULL), 0);
	assert_non_null(second->family);
	assert_false(mm_related(first, second));
	enter(second);
	map(0, 4, PROT_R | PROT_W, ANON, NULL);
	map(30, 2, PROT_R | PROT_W, ANON, NULL);
	assert_int_equal(get(2), 0);
	put(2, 22), put(30, 1);
	assert_int_not_equal(env_write(va_of(5), 1), 0); // the first's
	child = mm_fork(second);
	assert_true(mm_related(child, second));
	assert_false(mm_related(child, first));
	enter(first);
	assert_int_equal(get(2), 12);
	assert_int_not_equal(env_write(va_of(30), 1), 0);
	enter(child);
	assert_int_equal(get(2), 22);
	mm_put(child);
	drop(second, first);
	assert_null(first->family);
	assert_int_equal(get(2), 12);
}

static void test_joins_one_family_only(void **state)
{
	struct mm *first = env_mm, *second = mm_new(), *third = mm_new();

	map(0, 2, PROT_R | PROT_W, ANON, NULL);
	env_mm = second;
	map(4, 2, PROT_R | PROT_W, ANON, NULL);
	assert_int_equal(mm_join(third, va_of(0), va_of(6), NULL), -EEXIST);
	assert_null(third->family);
	assert_int_equal(mm_join(third, va_of(0), va_of(6), second), 0);
	assert_ptr_equal(third->family, first->family);
	mm_put(third);
	assert_null(first->family);
	mm_put(second);
	env_mm = first;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_writes_are_private, begin, end),
		cmocka_unit_test_setup_teardown(test_shared_is_shared, begin, end),
		cmocka_unit_test_setup_teardown(test_ownership_comes_back, begin, end),
		cmocka_unit_test_setup_teardown(test_regions_differ, begin, end),
		cmocka_unit_test_setup_teardown(test_addresses, begin, end),
		cmocka_unit_test_setup_teardown(test_joins, begin, end),
		cmocka_unit_test_setup_teardown(test_joins_one_family_only, begin, end),
		cmocka_unit_test_setup_teardown(test_memory_fails, begin, end),
		cmocka_unit_test_setup_teardown(test_random, begin, end),
	};

	return cmocka_run_group_tests_name("fork", tests, NULL, NULL);
}
