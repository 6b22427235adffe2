// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm: files in memory, private and shared; what is cut off, synced, punched.
#include "mm/space.h"

static void test_files_refuse(void **state)
{
	static const struct vnode_ops none = { 0 };
	struct vnode v = { .ops = &none, .refs = 1 };
	struct env_file f;

	assert_int_equal(mm_map(env_mm, 0, PAGE, PROT_R, MAP_PRIVATE, &v, 0), -ENODEV);
	env_file_init(&f, 2, 100, false);
	assert_int_equal(mm_map(env_mm, 0, 4 * PAGE, PROT_R, MAP_PRIVATE, &f.v, -2 * PAGE), -EOVERFLOW);
	assert_int_equal(f.v.refs, 1);
	env_file_drop(&f);
}

static void test_private_file(void **state)
{
	struct env_file f;

	env_file_init(&f, 4, 100, true);
	assert_int_equal(mm_map(env_mm, BASE, 6 * PAGE, PROT_R, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(mm_protect(env_mm, BASE, 6 * PAGE, RW), 0);
	assert_int_equal(get(BASE + 2 * PAGE), 2);
	assert_false(env_prot_at(BASE + 2 * PAGE) & PROT_W);
	put(BASE + 2 * PAGE, 77);
	assert_int_equal(get(BASE + 2 * PAGE), 77);
	assert_int_equal(f.page[2], 0); // the file has not changed
	assert_int_equal(env_read(BASE + 4 * PAGE, &(uint32_t){ 0 }), -ENXIO);
	assert_int_equal(env_write(BASE + 5 * PAGE, 1), -ENXIO);
	assert_int_equal(mm_advise(env_mm, BASE, 4 * PAGE, MADV_DONTNEED), 0);
	assert_int_equal(get(BASE + 2 * PAGE), 2);
	env_check();
	assert_int_equal(mm_unmap(env_mm, BASE, 6 * PAGE), 0);
	env_file_drop(&f);
}

// As ld.so maps a library: what is to run or to be relocated is there at once, in one call each.
static void test_segments_come_at_once(void **state)
{
	struct env_file f;

	env_file_init(&f, 8, 100, true);
	env_calls.map = 0;
	assert_int_equal(mm_map(env_mm, BASE, 2 * PAGE, PROT_R, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(env_calls.map, 0);
	assert_int_equal(mm_map(env_mm, BASE + 2 * PAGE, 2 * PAGE, PROT_R | PROT_X, MAP_PRIVATE | MAP_FIXED, &f.v, 2 * PAGE),
			 BASE + 2 * PAGE);
	assert_int_equal(env_prot_at(BASE + 3 * PAGE), PROT_R | PROT_X);
	assert_int_equal(mm_map(env_mm, BASE + 4 * PAGE, 2 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &f.v, 4 * PAGE), BASE + 4 * PAGE);
	assert_int_equal(env_prot_at(BASE + 5 * PAGE), RW);
	assert_true(env_calls.map <= 3);
	assert_int_equal(f.page[4], 0);
	env_fail_from(1, true);
	assert_int_equal(mm_map(env_mm, BASE + 6 * PAGE, 2 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &f.v, 6 * PAGE), BASE + 6 * PAGE);
	env_fail_from(0, false); // no memory for it: it comes later
	assert_int_equal(get(BASE + 6 * PAGE), 6);
	assert_int_equal(mm_unmap(env_mm, BASE, 8 * PAGE), 0);
	env_file_drop(&f);
}

static void test_shared_file_two_views(void **state)
{
	struct env_file f;
	uintptr_t a = BASE, b = 2 * BASE, c = 3 * BASE;

	env_file_init(&f, 4, 100, true);
	assert_int_equal(mm_map(env_mm, a, 4 * PAGE, RW, MAP_SHARED | MAP_FIXED, &f.v, 0), a);
	assert_int_equal(mm_map(env_mm, b, 2 * PAGE, RW, MAP_SHARED | MAP_FIXED, &f.v, PAGE), b);
	assert_int_equal(mm_map(env_mm, c, 4 * PAGE, PROT_R, MAP_PRIVATE | MAP_FIXED, &f.v, 0), c);
	assert_int_equal(get(a + PAGE), 1); // all see the image's page
	assert_int_equal(get(b), 1);
	assert_int_equal(get(c + PAGE), 1);
	put(a + PAGE, 55); // a page of RAM takes its place
	assert_int_equal(get(b), 55);
	assert_int_equal(get(c + PAGE), 55);
	put(b + PAGE, 66); // not seen by the others before
	assert_int_equal(get(a + 2 * PAGE), 66);
	env_check();
	assert_int_equal(mm_unmap(env_mm, a, 2 * PAGE), 0);
	assert_int_equal(get(b), 55);
	assert_int_equal(mm_unmap(env_mm, 0, USER_HIGH), 0);
	env_file_drop(&f);
}

static void test_readonly_file_stays_so(void **state)
{
	struct env_file f;

	env_file_init(&f, 2, 100, false);
	assert_int_equal(mm_map(env_mm, BASE, 2 * PAGE, PROT_R, MAP_SHARED | MAP_FIXED | MAP_DENYWRITE, &f.v, 0), BASE);
	assert_int_equal(mm_protect(env_mm, BASE, PAGE, RW), -EACCES);
	assert_int_equal(mm_protect(env_mm, BASE, PAGE, 0), 0);
	assert_int_equal(mm_protect(env_mm, BASE, PAGE, PROT_R), 0);
	assert_int_equal(mm_unmap(env_mm, BASE, 2 * PAGE), 0);
	assert_int_equal(mm_map(env_mm, BASE, 2 * PAGE, PROT_R, MAP_PRIVATE | MAP_FIXED | MAP_DENYWRITE, &f.v, 0), BASE);
	assert_int_equal(mm_protect(env_mm, BASE, PAGE, RW), 0); // a copy may be written to
	assert_int_equal(mm_unmap(env_mm, BASE, 2 * PAGE), 0);
	env_file_drop(&f);
}

static void test_truncation(void **state)
{
	struct env_file f;
	uintptr_t shared = BASE, private = 2 * BASE;

	env_file_init(&f, 16, 100, false);
	assert_int_equal(mm_map(env_mm, shared, 8 * PAGE, RW, MAP_SHARED | MAP_FIXED, &f.v, 0), shared);
	assert_int_equal(mm_map(env_mm, private, 12 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &f.v, 4 * PAGE), private);
	put(shared + 5 * PAGE, 1);
	assert_int_equal(get(private), 104);
	assert_int_equal(get(private + PAGE), 1);
	put(private + PAGE, 2); // its neighbours may be copied with it
	env_calls.unmap = 0;
	env_file_truncate(&f, 4);
	assert_int_equal(env_calls.unmap, 2); // one for each mapping
	assert_int_equal(env_read(shared + 5 * PAGE, &(uint32_t){ 0 }), -ENXIO);
	assert_int_equal(env_read(private + 11 * PAGE, &(uint32_t){ 0 }), -ENXIO);
	assert_int_equal(get(private + PAGE), 2);
	assert_int_equal(get(shared + 3 * PAGE), 103);
	env_file_truncate(&f, 8); // grown again: zeros in Linux, new pages here
	assert_int_equal(get(shared + 5 * PAGE), 105);
	env_check();
	env_file_truncate(&f, 0);
	assert_int_equal(mm_unmap(env_mm, 0, USER_HIGH), 0);
	env_file_drop(&f);
}

static void test_poke_keeps_the_file(void **state)
{
	struct env_file f;

	env_file_init(&f, 2, 100, true);
	assert_int_equal(mm_map(env_mm, BASE, 2 * PAGE, PROT_R | PROT_X, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(get(BASE + PAGE), 1);
	assert_int_equal(mm_poke(env_mm, BASE + PAGE, "\x21\0\0", 4), 0);
	assert_int_equal(get(BASE + PAGE), 0x21);
	assert_int_equal(f.page[1], 0);
	assert_int_equal(env_prot_at(BASE + PAGE), PROT_R | PROT_X);
	assert_int_equal(mm_lookup(env_mm, BASE + PAGE, true), 0);
	assert_true(pa_is_ram(mm_lookup(env_mm, BASE + PAGE, false)));
	assert_int_equal(mm_map(env_mm, BASE, PAGE, PROT_R, MAP_SHARED | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(mm_poke(env_mm, BASE, "x", 1), -EFAULT);
	assert_int_equal(mm_unmap(env_mm, BASE, 2 * PAGE), 0);
	env_file_drop(&f);
}

// A file that is written back: after a sync the first write to each page is noticed again, and only in shared mappings.
static void test_sync(void **state)
{
	struct env_file f;

	env_file_init(&f, 8, 100, false);
	assert_int_equal(mm_map(env_mm, BASE, 8 * PAGE, RW, MAP_SHARED | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(mm_map(env_mm, BASE + 16 * PAGE, 4 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE + 16 * PAGE);
	put(BASE + PAGE, 1);
	put(BASE + 2 * PAGE, 2);
	put(BASE + 5 * PAGE, 5);
	put(BASE + 16 * PAGE, 9);
	assert_int_equal(f.writes, 3);
	put(BASE + PAGE, 11); // writable by now
	assert_int_equal(f.writes, 3);
	assert_int_equal(mm_sync(env_mm, BASE, 3 * PAGE), 0);
	assert_true(f.synced_from == 0 && f.synced_to == 3 * PAGE);
	assert_int_equal(env_prot_at(BASE + PAGE), PROT_R);
	assert_int_equal(env_prot_at(BASE + 5 * PAGE), RW);
	put(BASE + PAGE, 12);
	put(BASE + 5 * PAGE, 55);
	assert_int_equal(f.writes, 4);
	assert_int_equal(get(BASE + PAGE), 12);
	assert_int_equal(mm_sync(env_mm, BASE + 16 * PAGE, PAGE), 0); // private: not the file's business
	assert_int_equal(f.synced_to, 3 * PAGE);
	put(BASE + 16 * PAGE, 10);
	assert_int_equal(f.writes, 4);
	assert_int_equal(mm_unmap(env_mm, BASE, 32 * PAGE), 0);
	env_file_drop(&f);
}

static void test_sync_errors(void **state)
{
	struct env_file f;

	env_file_init(&f, 8, 100, false);
	assert_int_equal(mm_sync(env_mm, BASE, PAGE), -ENOMEM);
	assert_int_equal(mm_sync(env_mm, BASE, SIZE_MAX), -ENOMEM);
	assert_int_equal(mm_map(env_mm, BASE + PAGE, 2 * PAGE, RW, MAP_SHARED | MAP_FIXED, &f.v, PAGE), BASE + PAGE);
	put(BASE + PAGE, 1);
	assert_int_equal(mm_sync(env_mm, BASE, 2 * PAGE), -ENOMEM); // what is there is written all the same
	assert_true(f.synced_from == PAGE && f.synced_to == 2 * PAGE);
	assert_int_equal(mm_sync(env_mm, BASE + PAGE, 3 * PAGE), -ENOMEM);
	assert_int_equal(f.synced_to, 3 * PAGE);
	f.sync_result = -ENOSPC;
	put(BASE + PAGE, 2);
	assert_int_equal(mm_sync(env_mm, BASE + PAGE, PAGE), -ENOSPC);
	assert_int_equal(env_prot_at(BASE + PAGE), RW); // not clean
	assert_int_equal(mm_sync(env_mm, BASE + PAGE, 0), 0);
	mm_vnode_clean(&f.v, 100 * PAGE, UINT64_MAX); // nothing of it is mapped
	assert_int_equal(env_prot_at(BASE + PAGE), RW);
	assert_int_equal(mm_unmap(env_mm, BASE, 32 * PAGE), 0);
	env_file_drop(&f);
}

static void test_remove_punches(void **state)
{
	struct env_file f;

	env_file_init(&f, 8, 100, false);
	assert_int_equal(mm_map(env_mm, BASE, 8 * PAGE, RW, MAP_SHARED | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(mm_map(env_mm, BASE + 8 * PAGE, 8 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE + 8 * PAGE);
	assert_int_equal(mm_map(env_mm, BASE + 16 * PAGE, 8 * PAGE, PROT_R, MAP_SHARED | MAP_FIXED | MAP_DENYWRITE, &f.v, 0),
			 BASE + 16 * PAGE);
	map(BASE + 24 * PAGE, 1, RW);
	assert_int_equal(mm_advise(env_mm, BASE, PAGE, MADV_REMOVE), -EOPNOTSUPP); // such a file has no holes
	assert_int_equal(mm_advise(env_mm, BASE + 8 * PAGE, PAGE, MADV_REMOVE), -EACCES);
	assert_int_equal(mm_advise(env_mm, BASE + 16 * PAGE, PAGE, MADV_REMOVE), -EACCES);
	assert_int_equal(mm_advise(env_mm, BASE + 24 * PAGE, PAGE, MADV_REMOVE), -EINVAL);
	assert_int_equal(mm_advise(env_mm, BASE + 30 * PAGE, PAGE, MADV_REMOVE), -ENOMEM);
	assert_int_equal(mm_unmap(env_mm, BASE, 32 * PAGE), 0);
	env_file_drop(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_files_refuse, begin, end),
		cmocka_unit_test_setup_teardown(test_segments_come_at_once, begin, end),
		cmocka_unit_test_setup_teardown(test_remove_punches, begin, end),
		cmocka_unit_test_setup_teardown(test_sync, begin, end),
		cmocka_unit_test_setup_teardown(test_sync_errors, begin, end),
		cmocka_unit_test_setup_teardown(test_private_file, begin, end),
		cmocka_unit_test_setup_teardown(test_shared_file_two_views, begin, end),
		cmocka_unit_test_setup_teardown(test_readonly_file_stays_so, begin, end),
		cmocka_unit_test_setup_teardown(test_truncation, begin, end),
		cmocka_unit_test_setup_teardown(test_poke_keeps_the_file, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
