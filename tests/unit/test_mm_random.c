// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// kernel/mm: thousands of random operations against a plain array of pages, with and without memory that ends at the n-th allocation.
#include <linux/mman.h>
#include <stdlib.h>

#include "mm/env.h"

#define PAGE PAGE_SIZE
#define BASE (0x40000000ul - 700 * PAGE) // so that borders of chunks lie inside
#define PAGES 1500u
#define FILE_PAGES 40u
#define FILL 5000u

enum kind { NONE, ANON, PRIVATE, SHARED };
struct model_page {
	enum kind kind;
	unsigned prot;
	uint32_t file_page;
	bool own;       // PRIVATE: written to
	uint32_t value; // ANON, PRIVATE with own
};
static struct model_page model[PAGES];
static uint32_t file_value[FILE_PAGES];
static struct env_file file;

static uintptr_t va_of(unsigned i) { return BASE + i * PAGE; }
static unsigned pick(unsigned n) { return (unsigned)random() % n; }
static unsigned pick_prot(void) { return (unsigned[]){ 0, PROT_R, PROT_R | PROT_W, PROT_R | PROT_W, PROT_R | PROT_X }[pick(5)]; }

static uint32_t expected(const struct model_page *p)
{
	if (p->kind == ANON || p->own)
		return p->value;
	return file_value[p->file_page];
}

static bool beyond(const struct model_page *p)
{
	return p->kind != ANON && !p->own && p->file_page >= file.pages;
}

static void check_page(unsigned i)
{
	const struct model_page *p = &model[i];
	uint32_t v;
	int want = p->kind == NONE || !p->prot ? -EFAULT : beyond(p) ? -ENXIO : 0;

	assert_int_equal(env_read(va_of(i), &v), want);
	if (!want)
		assert_int_equal(v, expected(p));
}

static void write_page(unsigned i)
{
	struct model_page *p = &model[i];
	uint32_t v = (uint32_t)random();
	int want = p->kind == NONE || !(p->prot & PROT_W) ? -EFAULT : beyond(p) ? -ENXIO : 0;
	int r = env_write(va_of(i), v);

	if (env_fail_at && r == -ENOMEM)
		return;
	assert_int_equal(r, want);
	if (r)
		return;
	if (p->kind == SHARED) {
		file_value[p->file_page] = v;
		return;
	}
	p->own = p->kind == PRIVATE;
	p->value = v;
}

static void op_map(unsigned i, unsigned n)
{
	enum kind kind = 1 + pick(3);
	unsigned prot = pick_prot(), first = pick(FILE_PAGES);
	unsigned flags = MAP_FIXED | (kind == SHARED ? MAP_SHARED : MAP_PRIVATE) | (kind == ANON ? MAP_ANONYMOUS : 0) |
			 (pick(4) || (kind == PRIVATE && (prot & PROT_W)) ? 0 : MAP_POPULATE); // that one would copy the file's pages
	long r;

	if (kind != ANON)
		n = MIN(n, FILE_PAGES - first);
	r = mm_map(env_mm, va_of(i), n * PAGE, prot, flags, kind == ANON ? NULL : &file.v, kind == ANON ? 0 : first * PAGE);
	if (r == -ENOMEM && env_fail_at)
		return;
	assert_int_equal(r, va_of(i));
	for (unsigned k = 0; k < n; k++)
		model[i + k] = (struct model_page){ .kind = kind, .prot = prot, .file_page = first + k };
}

static void op_unmap(unsigned i, unsigned n)
{
	int r = mm_unmap(env_mm, va_of(i), n * PAGE);

	if (r == -ENOMEM && env_fail_at)
		return;
	assert_int_equal(r, 0);
	memset(&model[i], 0, n * sizeof(model[0]));
}

static bool all_mapped(unsigned i, unsigned n)
{
	for (unsigned k = 0; k < n; k++)
		if (model[i + k].kind == NONE)
			return false;
	return true;
}

static void op_protect(unsigned i, unsigned n)
{
	unsigned prot = pick_prot();
	bool fine = all_mapped(i, n);
	int r = mm_protect(env_mm, va_of(i), n * PAGE, prot);

	if (r == -ENOMEM && env_fail_at)
		return;
	assert_int_equal(r, fine ? 0 : -ENOMEM);
	for (unsigned k = 0; k < n && fine; k++)
		model[i + k].prot = prot;
}

static void op_drop(unsigned i, unsigned n)
{
	assert_int_equal(mm_advise(env_mm, va_of(i), n * PAGE, MADV_DONTNEED), all_mapped(i, n) ? 0 : -ENOMEM);
	for (unsigned k = 0; k < n; k++) {
		model[i + k].own = false;
		model[i + k].value = 0;
	}
}

// A move inside the model; what Linux refuses is learnt from the result, and must have changed nothing.
static void op_remap(unsigned i, unsigned n)
{
	unsigned m = 1 + pick(n + 20), to = pick(PAGES - m);
	struct model_page moved[PAGES];
	long r = mm_remap(env_mm, va_of(i), n * PAGE, m * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, va_of(to));
	struct model_page last;

	if (to < i + n && i < to + m) {
		assert_int_equal(r, -EINVAL);
		return;
	}
	if (r == -EFAULT || (r == -ENOMEM && env_fail_at)) {
		// As in Linux what shrinks is cut, and the destination cleared, before more is looked at: the model follows.
		for (unsigned k = 0; k < PAGES; k++)
			if (!region_find(env_mm, va_of(k)) && ((k >= to && k < to + m) || (k >= i + m && k < i + n)))
				model[k] = (struct model_page){ 0 };
		return;
	}
	assert_int_equal(r, va_of(to));
	memcpy(moved, &model[i], MIN(n, m) * sizeof(moved[0]));
	last = moved[MIN(n, m) - 1];
	for (unsigned k = n; k < m; k++) {
		moved[k] = (struct model_page){ .kind = last.kind, .prot = last.prot, .file_page = last.file_page + 1 + k - n };
	}
	memset(&model[i], 0, n * sizeof(model[0]));
	memcpy(&model[to], moved, m * sizeof(moved[0]));
}

static void op_truncate(void)
{
	unsigned pages = pick(4) ? FILE_PAGES : pick(FILE_PAGES);

	if (pages > file.pages)
		for (unsigned i = file.pages; i < pages; i++)
			file_value[i] = FILL + i;
	env_file_truncate(&file, pages);
}

static void step(void)
{
	unsigned i = pick(PAGES - 1), n = 1 + pick(pick(8) ? MIN(24u, PAGES - i) : PAGES - i);

	switch (pick(12)) {
	case 0: case 1: op_map(i, n); break;
	case 2: op_unmap(i, n); break;
	case 3: case 4: op_protect(i, n); break;
	case 5: op_drop(i, n); break;
	case 6: op_remap(i, n); break;
	case 7: if (!env_fail_at) op_truncate(); break;
	case 8: case 9: for (unsigned k = 0; k < MIN(n, 32u); k++) write_page(i + k); break;
	default: if (!env_fail_at) for (unsigned k = 0; k < MIN(n, 32u); k++) check_page(i + k);
	}
}

static void begin(unsigned seed)
{
	srandom(seed);
	env_begin(24 * MIB, 0);
	env_file_init(&file, FILE_PAGES, FILL, false);
	memset(model, 0, sizeof(model));
	for (unsigned i = 0; i < FILE_PAGES; i++)
		file_value[i] = FILL + i;
}

static void check_all(void)
{
	env_check();
	for (unsigned i = 0; i < PAGES; i++)
		check_page(i);
	env_check();
}

static void finish(void)
{
	check_all();
	assert_int_equal(mm_unmap(env_mm, 0, USER_HIGH), 0);
	env_file_drop(&file);
	env_end();
}

static void test_random(void **state)
{
	for (unsigned seed = 1; seed <= 12; seed++) {
		begin(seed);
		for (int i = 0; i < 1500; i++) {
			step();
			if (i % 8 == 0)
				env_check();
			if (i % 300 == 299)
				check_all();
		}
		finish();
	}
}

// From the n-th on every allocation fails for a while: calls may refuse, but nothing is lost or half done.
static void test_random_memory_fails(void **state)
{
	for (unsigned seed = 100; seed < 160; seed++) {
		begin(seed);
		for (int i = 0; i < 120; i++) {
			bool fails = i % 3 == 2;

			env_fail_from(fails ? 1 + pick(6) : 0, pick(2));
			step();
			env_fail_from(0, false);
			env_check();
		}
		finish();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_random_memory_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
