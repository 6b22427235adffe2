// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm: the calls on the address space and page faults, case by case; half of them must fail, and change nothing.
#include "mm/space.h"

static void test_zeros_and_rights(void **state)
{
	map(BASE, 4, RW);
	assert_int_equal(get(BASE + PAGE), 0);
	put(BASE, 7);
	assert_int_equal(get(BASE), 7);
	assert_int_equal(env_exec(BASE), -EFAULT);
	assert_int_equal(code_of(BASE, TRAP_PF_EXEC), SEGV_ACCERR);
	assert_int_equal(code_of(BASE + 4 * PAGE, 0), SEGV_MAPERR);
	assert_int_equal(code_of(BASE - 1, TRAP_PF_WRITE), SEGV_MAPERR);
}

static void test_map_refuses(void **state)
{
	static const struct {
		uintptr_t addr;
		size_t len;
		unsigned prot, flags;
		uint64_t off;
		int err;
	} bad[] = {
		{ 0, 0, RW, ANON, 0, -EINVAL },
		{ 0, PAGE, RW, MAP_ANONYMOUS, 0, -EINVAL },
		{ 0, PAGE, RW, MAP_ANONYMOUS | MAP_TYPE, 0, -EINVAL },
		{ 0, PAGE, RW, ANON, 1, -EINVAL },
		{ 0, PAGE, RW, MAP_ANONYMOUS | MAP_SHARED_VALIDATE | MAP_SYNC, 0, -EOPNOTSUPP },
		{ 0, 2 * MIB, RW, ANON | MAP_HUGETLB, 0, -ENOMEM },
		{ 0, USER_HIGH, PROT_R, ANON, 0, -ENOMEM },
		{ 0, SIZE_MAX, PROT_R, ANON, 0, -ENOMEM },
		{ 0, 1ul << 40, RW, ANON, 0, -ENOMEM },
		{ 0, PAGE, RW, FIXED, 0, -EPERM },
		{ 0x1000, PAGE, RW, FIXED, 0, -EPERM },
		{ BASE + 1, PAGE, RW, FIXED, 0, -EINVAL },
		{ WINDOW_LOW, PAGE, RW, FIXED, 0, -ENOMEM },
		{ WINDOW_HIGH - PAGE, PAGE, RW, FIXED, 0, -ENOMEM },
		{ WINDOW_LOW - PAGE, 2 * PAGE, RW, FIXED, 0, -ENOMEM },
		{ USER_HIGH - PAGE, 2 * PAGE, RW, FIXED, 0, -ENOMEM },
		{ 0xffffffffff000ul << 8, PAGE, RW, FIXED, 0, -ENOMEM },
		{ BASE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, 0, -EEXIST },
	};

	map(BASE, 1, RW);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(mm_map(env_mm, bad[i].addr, bad[i].len, bad[i].prot, bad[i].flags, NULL, bad[i].off), bad[i].err);
	assert_int_equal(env_mm->count, 1);
}

static void test_hints_and_gaps(void **state)
{
	uintptr_t a = (uintptr_t)mm_map(env_mm, BASE + 5, PAGE, RW, ANON, NULL, 0), b, c;

	assert_int_equal(a, BASE);
	b = (uintptr_t)mm_map(env_mm, BASE, PAGE, RW, ANON, NULL, 0); // taken: elsewhere
	assert_true(b > WINDOW_HIGH);
	c = (uintptr_t)mm_map(env_mm, WINDOW_LOW + (1ul << 30), PAGE, PROT_R, ANON, NULL, 0); // a hint into the window
	assert_true(c >= WINDOW_HIGH || c < WINDOW_LOW);
	c = (uintptr_t)mm_map(env_mm, 0, PAGE, RW, ANON | MAP_32BIT, NULL, 0);
	assert_true(c < 1ul << 31);
	c = (uintptr_t)mm_map(env_mm, 0, 4 * MIB, RW, ANON, NULL, 0);
	assert_int_equal(c % (2 * MIB), 0);
}

// More than fits above the window goes below it; more than fits anywhere is refused.
static void test_gap_around_the_window(void **state)
{
	size_t above = USER_HIGH - WINDOW_HIGH;
	uintptr_t a = (uintptr_t)mm_map(env_mm, 0, above / 2, 0, ANON | MAP_NORESERVE, NULL, 0);
	uintptr_t b = (uintptr_t)mm_map(env_mm, 0, above / 2, 0, ANON | MAP_NORESERVE, NULL, 0);

	assert_true(a >= WINDOW_HIGH);
	assert_int_equal((long)b, -ENOMEM); // 39 TiB do not fit below 16 TiB
	b = (uintptr_t)mm_map(env_mm, 0, 15ul << 40, 0, ANON | MAP_NORESERVE, NULL, 0);
	assert_true(b >= WINDOW_HIGH);
	b = (uintptr_t)mm_map(env_mm, 0, 15ul << 40, 0, ANON | MAP_NORESERVE, NULL, 0);
	while ((long)b > 0 && b >= WINDOW_HIGH)
		b = (uintptr_t)mm_map(env_mm, 0, 15ul << 40, 0, ANON | MAP_NORESERVE, NULL, 0);
	assert_true((long)b > 0 && b + (15ul << 40) <= WINDOW_LOW);
	assert_int_equal(mm_map(env_mm, 0, 15ul << 40, 0, ANON | MAP_NORESERVE, NULL, 0), -ENOMEM);
}

static void test_huge_reservation(void **state)
{
	size_t len = 8ul << 40, objects = env_objects();
	uintptr_t at = (uintptr_t)mm_map(env_mm, 0, len, 0, ANON | MAP_NORESERVE, NULL, 0), mid = at + len / 2;

	assert_true((long)at > 0);
	assert_in_range(env_objects(), objects, objects + 8);
	assert_int_equal(env_read(mid, &(uint32_t){ 0 }), -EFAULT);
	map(mid, 16, RW); // MAP_FIXED over the middle
	assert_int_equal(env_mm->count, 3);
	put(mid + PAGE, 5);
	assert_int_equal(mm_protect(env_mm, at, len, PROT_R), 0);
	assert_int_equal(get(mid + PAGE), 5);
	assert_int_equal(env_mm->count, 1);
	assert_int_equal(mm_unmap(env_mm, at, len), 0);
	assert_int_equal(env_mapped_pages(), 0);
}

static void test_unmap(void **state)
{
	map(BASE, 8, RW);
	for (int i = 0; i < 8; i++)
		put(BASE + i * PAGE, 100 + i);
	assert_int_equal(mm_unmap(env_mm, BASE + 1, PAGE), -EINVAL);
	assert_int_equal(mm_unmap(env_mm, BASE, 0), -EINVAL);
	assert_int_equal(mm_unmap(env_mm, BASE, SIZE_MAX), -EINVAL);
	assert_int_equal(mm_unmap(env_mm, BASE, -PAGE), -EINVAL);
	assert_int_equal(mm_unmap(env_mm, USER_HIGH, PAGE), -EINVAL);
	assert_int_equal(get(BASE + 3 * PAGE), 103);
	assert_int_equal(mm_unmap(env_mm, BASE + 2 * PAGE, PAGE + 1), 0); // rounded up
	assert_int_equal(env_mm->count, 2);
	assert_int_equal(env_read(BASE + 3 * PAGE, &(uint32_t){ 0 }), -EFAULT);
	assert_int_equal(get(BASE + PAGE), 101);
	assert_int_equal(get(BASE + 4 * PAGE), 104);
	assert_int_equal(mm_unmap(env_mm, 2 * BASE, PAGE), 0); // nothing there
	assert_int_equal(mm_unmap(env_mm, WINDOW_LOW, WINDOW_HIGH - WINDOW_LOW), 0);
}

static void test_protect(void **state)
{
	map(BASE, 8, RW);
	put(BASE + PAGE, 1);
	put(BASE + 5 * PAGE, 5);
	assert_int_equal(mm_protect(env_mm, BASE + 1, PAGE, PROT_R), -EINVAL);
	assert_int_equal(mm_protect(env_mm, BASE, 9 * PAGE, PROT_R), -ENOMEM);
	assert_int_equal(mm_protect(env_mm, BASE, SIZE_MAX - PAGE, PROT_R), -ENOMEM);
	assert_int_equal(mm_protect(env_mm, BASE, 0, PROT_R), 0);
	put(BASE + PAGE, 2); // nothing has changed
	assert_int_equal(mm_protect(env_mm, BASE + PAGE, 2 * PAGE, PROT_R), 0);
	assert_int_equal(env_write(BASE + PAGE, 3), -EFAULT);
	assert_int_equal(get(BASE + PAGE), 2);
	put(BASE, 9);
	assert_int_equal(env_mm->count, 3);
	assert_int_equal(mm_protect(env_mm, BASE, 8 * PAGE, RW), 0);
	assert_int_equal(env_mm->count, 1);
	put(BASE + PAGE, 4);
}

// What the platform has forgotten comes back with its contents.
static void test_none_and_back(void **state)
{
	map(BASE, 64, RW);
	for (int i = 0; i < 64; i++)
		put(BASE + i * PAGE, i);
	for (int round = 0; round < 3; round++) {
		assert_int_equal(mm_protect(env_mm, BASE, 64 * PAGE, 0), 0);
		assert_int_equal(env_mapped_pages(), 0);
		assert_int_equal(env_read(BASE, &(uint32_t){ 0 }), -EFAULT);
		assert_int_equal(mm_protect(env_mm, BASE, 64 * PAGE, round & 1 ? RW : PROT_R), 0);
		env_calls.map = 0;
		for (int i = 0; i < 64; i++)
			assert_int_equal(get(BASE + i * PAGE), i);
		assert_true(env_calls.map < 16);
	}
}

static void test_brk(void **state)
{
	uintptr_t start = BASE + 123;

	env_mm->brk = env_mm->brk_start = start;
	assert_int_equal(mm_brk(env_mm, 0), start);
	assert_int_equal(mm_brk(env_mm, start - 1), start);
	assert_int_equal(mm_brk(env_mm, start + 3 * PAGE), start + 3 * PAGE);
	put(BASE + 2 * PAGE, 8);
	assert_int_equal(mm_brk(env_mm, 1ul << 46), start + 3 * PAGE);
	assert_int_equal(mm_brk(env_mm, SIZE_MAX), start + 3 * PAGE);
	map(BASE + 8 * PAGE, 1, RW);
	assert_int_equal(mm_brk(env_mm, BASE + 9 * PAGE), start + 3 * PAGE); // in the way
	assert_int_equal(mm_brk(env_mm, BASE + 8 * PAGE), start + 3 * PAGE); // no guard left
	assert_int_equal(mm_brk(env_mm, BASE + 7 * PAGE), BASE + 7 * PAGE);
	assert_string_equal(region_find(env_mm, BASE + 6 * PAGE)->name, "[heap]");
	assert_int_equal(mm_brk(env_mm, start), start);
	assert_int_equal(mm_brk(env_mm, start + 3 * PAGE), start + 3 * PAGE);
	assert_int_equal(get(BASE + 2 * PAGE), 0); // it comes back as zeros
}

static void test_advise(void **state)
{
	struct env_file f;

	map(BASE, 4, RW);
	put(BASE, 1);
	assert_int_equal(mm_advise(env_mm, BASE + 1, PAGE, MADV_NORMAL), -EINVAL);
	assert_int_equal(mm_advise(env_mm, BASE, SIZE_MAX, MADV_DONTNEED), -EINVAL);
	assert_int_equal(mm_advise(env_mm, BASE, PAGE, 9999), -EINVAL);
	assert_int_equal(mm_advise(env_mm, BASE, PAGE, MADV_REMOVE), -EINVAL);
	assert_int_equal(mm_advise(env_mm, BASE, 5 * PAGE, MADV_WILLNEED), -ENOMEM);
	assert_int_equal(mm_advise(env_mm, BASE, 0, MADV_DONTNEED), 0);
	assert_int_equal(get(BASE), 1);
	assert_int_equal(mm_advise(env_mm, BASE, 5 * PAGE, MADV_DONTNEED), -ENOMEM); // but what is there is dropped
	assert_int_equal(get(BASE), 0);
	put(BASE, 2);
	assert_int_equal(mm_advise(env_mm, BASE, 1, MADV_FREE), 0);
	assert_int_equal(get(BASE), 0);
	assert_int_equal(mm_protect(env_mm, BASE, PAGE, PROT_R), 0);
	assert_int_equal(mm_advise(env_mm, BASE, PAGE, MADV_POPULATE_WRITE), -EINVAL);
	assert_int_equal(mm_advise(env_mm, BASE, 4 * PAGE, MADV_POPULATE_READ), 0);
	assert_int_equal(mm_advise(env_mm, BASE, 5 * PAGE, MADV_POPULATE_READ), -ENOMEM);
	env_file_init(&f, 1, 100, false);
	assert_int_equal(mm_map(env_mm, 2 * BASE, 2 * PAGE, RW, MAP_SHARED | MAP_FIXED, &f.v, 0), 2 * BASE);
	assert_int_equal(mm_advise(env_mm, 2 * BASE, PAGE, MADV_FREE), -EINVAL);
	assert_int_equal(mm_advise(env_mm, 2 * BASE, 2 * PAGE, MADV_POPULATE_READ), -EFAULT);
	put(2 * BASE, 5);
	assert_int_equal(mm_advise(env_mm, 2 * BASE, PAGE, MADV_DONTNEED), 0);
	assert_int_equal(get(2 * BASE), 5);
	assert_int_equal(mm_unmap(env_mm, 2 * BASE, 2 * PAGE), 0);
	env_file_drop(&f);
}

static void test_incore_populate_usage(void **state)
{
	unsigned char vec[5];
	struct mm_usage u;

	map(BASE, 600, RW);
	assert_int_equal(mm_populate(env_mm, BASE + 2 * PAGE + 7, PAGE, true), 0); // two pages are touched
	assert_int_equal(mm_incore(env_mm, BASE, 5, vec), 0);
	assert_memory_equal(vec, ((unsigned char[]){ 0, 0, 1, 1, 0 }), 5);
	assert_int_equal(mm_incore(env_mm, BASE + 599 * PAGE, 2, vec), -ENOMEM);
	assert_int_equal(mm_incore(env_mm, BASE, SIZE_MAX >> PAGE_SHIFT, vec), -ENOMEM);
	assert_int_equal(mm_populate(env_mm, BASE, 601 * PAGE, true), -ENOMEM);
	assert_int_equal(mm_populate(env_mm, BASE, SIZE_MAX - 5, true), -EINVAL);
	assert_int_equal(mm_protect(env_mm, BASE, PAGE, PROT_R), 0);
	assert_int_equal(mm_populate(env_mm, BASE, 2 * PAGE, true), -EACCES);
	mm_usage(env_mm, &u);
	assert_int_equal(u.mapped, 600 * PAGE);
	assert_int_equal(u.resident, 2 * PAGE);
}

static void test_kernel_mappings(void **state)
{
	paddr_t pages[2] = { env_boot.image_pa, env_boot.image_pa + PAGE };
	uintptr_t vdso = mm_map_kernel(env_mm, pages, 2, PROT_R | PROT_X, "[vdso]"), stub;

	assert_int_equal(get(vdso + PAGE), 1);
	assert_int_equal(env_exec(vdso), 0);
	assert_int_equal(mm_unmap(env_mm, vdso, PAGE), -EPERM);
	assert_int_equal(mm_unmap(env_mm, vdso - PAGE, 8 * PAGE), -EPERM);
	assert_int_equal(mm_map(env_mm, vdso, PAGE, RW, FIXED, NULL, 0), -EPERM);
	assert_int_equal(mm_protect(env_mm, vdso, PAGE, PROT_R), -EACCES);
	assert_int_equal(mm_advise(env_mm, vdso, PAGE, MADV_DONTNEED), -EINVAL);
	assert_int_equal(mm_remap(env_mm, vdso, PAGE, 4 * PAGE, MREMAP_MAYMOVE, 0), -EFAULT);
	assert_int_equal(mm_remap(env_mm, vdso, 2 * PAGE, 3 * PAGE, 0, 0), -EFAULT);
	map(BASE, 1, PROT_R | PROT_X);
	stub = mm_stub_page(env_mm, BASE);
	assert_true(stub && stub < BASE);
	assert_int_equal(mm_poke(env_mm, stub + PAGE - 2, "abcd", 4), 0); // across a border, read-only as it is
	assert_int_equal(get(stub + PAGE - 4) >> 16, 0x6261);
	assert_int_equal(get(stub + PAGE) & 0xffff, 0x6463);
	assert_int_equal(env_write(stub, 1), -EFAULT);
	assert_int_equal(mm_stub_page(env_mm, BASE), stub + PAGE);
	assert_int_equal(mm_map(env_mm, 1ul << 40, 4ul << 30, 0, FIXED, NULL, 0), 1ul << 40);
	assert_int_equal(mm_stub_page(env_mm, (1ul << 40) + (3ul << 30)), 0); // no room within reach
	assert_int_equal(mm_poke(env_mm, 2 * BASE, "x", 1), -EFAULT);
}

// A program without pause eats all memory: faults fail, the library OS keeps some, and everything can be unmapped.
static void test_memory_ends(void **state)
{
	size_t pages = env_boot.ram_len / PAGE;
	size_t n = 0;

	map(BASE, pages, RW);
	while (n < pages && env_write(BASE + n * PAGE, 1) == 0)
		n++;
	assert_in_range(n, pages * 9 / 10, pages - 8);
	assert_true(frame_available() >= 8);
	assert_int_equal(env_write(BASE + n * PAGE, 1), -ENOMEM);
	put(BASE, 3);
	env_check();
	assert_int_equal(mm_unmap(env_mm, BASE, PAGE * 64), 0);
	map(2 * BASE, 4, RW);
	put(2 * BASE, 1);
}

// The platform refuses a mapping, in the middle of a run: the next fault tries again, nothing is lost.
static void test_platform_refuses(void **state)
{
	struct env_file f;

	env_file_init(&f, 16, 100, true);
	for (long n = 1; n < 24; n++) {
		assert_int_equal(mm_map(env_mm, BASE, 16 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE);
		assert_int_equal(get(BASE + 3 * PAGE), 3);
		env_map_fails = n;
		for (uint32_t i = 0; i < 16; i++) {
			int r = env_write(BASE + i * PAGE, i + 200);

			assert_true(r == 0 || r == -ENOMEM);
		}
		env_map_fails = 0;
		env_check();
		for (uint32_t i = 0; i < 16; i++)
			put(BASE + i * PAGE, i + 300);
		env_map_fails = n;
		assert_int_equal(mm_remap(env_mm, BASE, 16 * PAGE, 16 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, 2 * BASE), 2 * BASE);
		env_map_fails = 0;
		for (uint32_t i = 0; i < 16; i++)
			assert_int_equal(get(2 * BASE + i * PAGE), i + 300);
		env_check();
		assert_int_equal(mm_unmap(env_mm, 2 * BASE, 16 * PAGE), 0);
	}
	env_file_drop(&f);
}

// What a dynamic program does before main, and how many calls to the platform it costs.
static void test_calls_of_a_start(void **state)
{
	struct env_file libc;
	uintptr_t lib, tls;

	env_file_init(&libc, 40, 0, true);
	lib = (uintptr_t)mm_map(env_mm, 0, 48 * PAGE, PROT_R, MAP_PRIVATE, &libc.v, 0);
	assert_int_equal(mm_map(env_mm, lib + 8 * PAGE, 20 * PAGE, PROT_R | PROT_X, MAP_PRIVATE | MAP_FIXED, &libc.v, 8 * PAGE),
			 lib + 8 * PAGE);
	assert_int_equal(mm_map(env_mm, lib + 28 * PAGE, 8 * PAGE, PROT_R, MAP_PRIVATE | MAP_FIXED, &libc.v, 28 * PAGE),
			 lib + 28 * PAGE);
	assert_int_equal(mm_map(env_mm, lib + 36 * PAGE, 4 * PAGE, RW, MAP_PRIVATE | MAP_FIXED, &libc.v, 36 * PAGE),
			 lib + 36 * PAGE);
	assert_int_equal(mm_map(env_mm, lib + 40 * PAGE, 8 * PAGE, RW, FIXED, NULL, 0), lib + 40 * PAGE);
	assert_in_range(env_calls.map, 2, 3); // what is to run and to be relocated, and nothing else
	assert_int_equal(env_calls.unmap + env_calls.protect, 0);
	for (uint32_t i = 0; i < 36; i++)
		assert_int_equal(get(lib + i * PAGE), i);
	for (uint32_t i = 36; i < 44; i++)
		put(lib + i * PAGE, 1); // relocations
	tls = (uintptr_t)mm_map(env_mm, 0, 3 * PAGE, RW, ANON, NULL, 0);
	put(tls + PAGE, 1);
	assert_int_equal(mm_protect(env_mm, lib + 36 * PAGE, 3 * PAGE, PROT_R), 0); // RELRO
	env_mm->brk = env_mm->brk_start = BASE;
	assert_int_equal(mm_brk(env_mm, BASE + 33 * PAGE), BASE + 33 * PAGE);
	for (uint32_t i = 0; i < 33; i++)
		put(BASE + i * PAGE, i);
	assert_in_range(env_calls.map, 5, 20);
	assert_int_equal(env_calls.protect, 1);
	assert_int_equal(env_calls.unmap, 0);
	env_check();
	assert_int_equal(mm_unmap(env_mm, 0, USER_HIGH), 0);
	env_file_drop(&libc);
}

// Writable file pages among read-only ones: the platform is told per run, not per page.
static void test_protect_by_runs(void **state)
{
	struct env_file f;

	env_file_init(&f, 32, 0, true);
	assert_int_equal(mm_map(env_mm, BASE, 32 * PAGE, PROT_R, MAP_PRIVATE | MAP_FIXED, &f.v, 0), BASE);
	assert_int_equal(mm_protect(env_mm, BASE, 32 * PAGE, RW), 0);
	assert_int_equal(mm_populate(env_mm, BASE, 32 * PAGE, false), 0);
	assert_int_equal(mm_populate(env_mm, BASE + 8 * PAGE, 8 * PAGE, true), 0);
	assert_int_equal(mm_protect(env_mm, BASE, 32 * PAGE, PROT_R), 0);
	assert_int_equal(env_calls.protect, 1);
	assert_int_equal(mm_protect(env_mm, BASE, 32 * PAGE, RW), 0);
	assert_int_equal(env_calls.protect, 4);
	assert_int_equal(env_prot_at(BASE + 8 * PAGE), RW);
	assert_int_equal(env_prot_at(BASE + 16 * PAGE), PROT_R);
	assert_int_equal(mm_unmap(env_mm, BASE, 32 * PAGE), 0);
	env_file_drop(&f);
}

// Thousands of mappings, as of a program with many threads.
static void test_many_regions(void **state)
{
	static uintptr_t at[4000];

	for (size_t i = 0; i < ARRAY_LEN(at); i++) {
		at[i] = (uintptr_t)mm_map(env_mm, 0, 3 * PAGE, 0, ANON, NULL, 0);
		assert_true((long)at[i] > 0);
		assert_int_equal(mm_protect(env_mm, at[i] + PAGE, 2 * PAGE, RW), 0);
	}
	assert_true(env_mm->count >= ARRAY_LEN(at));
	for (size_t i = 0; i < ARRAY_LEN(at); i += 2)
		assert_int_equal(mm_unmap(env_mm, at[i], 3 * PAGE), 0);
	for (size_t i = 0; i < ARRAY_LEN(at); i += 2) // the gaps are found again
		assert_true((uintptr_t)mm_map(env_mm, 0, 3 * PAGE, RW, ANON, NULL, 0) >= at[ARRAY_LEN(at) - 1]);
}

static void test_grows_down(void **state)
{
	void *hold[200];
	size_t held = 0;

	env_process.limits[3].cur = 400 * PAGE;
	assert_int_equal(mm_map(env_mm, BASE + 1000 * PAGE, PAGE, RW, FIXED | MAP_GROWSDOWN, NULL, 0), BASE + 1000 * PAGE);
	put(BASE + 990 * PAGE, 1);
	assert_int_equal(env_mm->count, 1);
	assert_int_equal(region_at(env_mm, 0)->start, BASE + 990 * PAGE);
	assert_int_equal(env_write(BASE + 600 * PAGE, 1), -EFAULT); // the limit
	map(BASE + 700 * PAGE, 1, PROT_R);
	assert_int_equal(env_write(BASE + 956 * PAGE, 1), -EFAULT); // the gap
	put(BASE + 957 * PAGE, 2);
	assert_int_equal(mm_protect(env_mm, BASE + 700 * PAGE, PAGE, 0), 0);
	put(BASE + 701 * PAGE, 3);
	assert_int_equal(env_write(BASE + 700 * PAGE, 1), -EFAULT);
	assert_int_equal(mm_unmap(env_mm, BASE + 700 * PAGE, PAGE), 0);
	for (size_t i = 0; i < REGION_SPARES; i++) {
		kfree(env_mm->spare[i]);
		env_mm->spare[i] = NULL;
	}
	env_fail_from(1, true);
	while (held < ARRAY_LEN(hold) && (hold[held] = kmalloc(sizeof(struct region))))
		held++;
	assert_int_equal(env_write(BASE + 690 * PAGE, 1), -EFAULT); // no memory to say that it is larger
	env_fail_from(0, false);
	while (held)
		kfree(hold[--held]);
	put(BASE + 690 * PAGE, 4);
	assert_int_equal(env_mm->count, 1);
	assert_int_equal(get(BASE + 701 * PAGE), 3);
}

// A heap that grows page by page is filled without faults; what is not beside present pages is not.
static void test_grown_heap_is_filled(void **state)
{
	map(BASE, 64, 0);
	assert_int_equal(mm_protect(env_mm, BASE, 2 * PAGE, RW), 0);
	assert_int_equal(env_mapped_pages(), 0);
	put(BASE + PAGE, 1);
	assert_int_equal(mm_protect(env_mm, BASE + 2 * PAGE, PAGE, RW), 0);
	assert_int_equal(env_prot_at(BASE + 2 * PAGE), RW);
	assert_int_equal(mm_protect(env_mm, BASE + 8 * PAGE, PAGE, RW), 0);
	assert_int_equal(env_prot_at(BASE + 8 * PAGE), 0);
	assert_int_equal(mm_protect(env_mm, BASE + 3 * PAGE, 4 * PAGE, PROT_R), 0);
	assert_int_equal(env_prot_at(BASE + 3 * PAGE), 0);
	env_fail_from(1, true);
	assert_int_equal(mm_protect(env_mm, BASE + 3 * PAGE, PAGE, RW), 0); // no memory: not filled, and no error
	env_fail_from(0, false);
	put(BASE + 3 * PAGE, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_zeros_and_rights, begin, end),
		cmocka_unit_test_setup_teardown(test_map_refuses, begin, end),
		cmocka_unit_test_setup_teardown(test_grows_down, begin, end),
		cmocka_unit_test_setup_teardown(test_grown_heap_is_filled, begin, end),
		cmocka_unit_test_setup_teardown(test_hints_and_gaps, begin, end),
		cmocka_unit_test_setup_teardown(test_gap_around_the_window, begin, end),
		cmocka_unit_test_setup_teardown(test_huge_reservation, begin, end),
		cmocka_unit_test_setup_teardown(test_unmap, begin, end),
		cmocka_unit_test_setup_teardown(test_protect, begin, end),
		cmocka_unit_test_setup_teardown(test_none_and_back, begin, end),
		cmocka_unit_test_setup_teardown(test_brk, begin, end),
		cmocka_unit_test_setup_teardown(test_advise, begin, end),
		cmocka_unit_test_setup_teardown(test_incore_populate_usage, begin, end),
		cmocka_unit_test_setup_teardown(test_kernel_mappings, begin, end),
		cmocka_unit_test_setup_teardown(test_memory_ends, begin, end),
		cmocka_unit_test_setup_teardown(test_platform_refuses, begin, end),
		cmocka_unit_test_setup_teardown(test_calls_of_a_start, begin, end),
		cmocka_unit_test_setup_teardown(test_protect_by_runs, begin, end),
		cmocka_unit_test_setup_teardown(test_many_regions, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
