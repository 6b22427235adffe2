// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The page-table editor over a pool in ordinary memory.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <nucleus/pagetable.h>
#include <pith/boot.h>

#define POOL_PAGES 64ull
#define POOL_PA 0x10000000ull
#define RAM_PA 0x200000ull
#define RAM_END 0x8000000ull
#define IMAGE_PA 0x40000000ull
#define IMAGE_END 0x40100000ull
#define VA 0x7f0000000000ull
#define TEXT 0x200000000000ull
#define DATA 0x200000100000ull
#define LARGE (2ull << 20)
#define PAGE 4096ull
#define RW (PT_READ | PT_WRITE)
#define RX (PT_READ | PT_EXEC)

struct fixture {
	struct pt pt;
	struct pt_state state;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	uint64_t root;

	f->pt = (struct pt){
		.state = &f->state, .pool = (uintptr_t)aligned_alloc(PAGE, POOL_PAGES * PAGE), .pool_pa = POOL_PA,
		.pool_len = POOL_PAGES * PAGE, .ram = { RAM_PA, RAM_END }, .image = { IMAGE_PA, IMAGE_END },
		.va_low = USER_LOW, .va_high = USER_HIGH, .flags = PT_F_LOADER,
	};
	memset((void *)f->pt.pool, 0, POOL_PAGES * PAGE);
	assert_int_equal(pt_init(&f->pt), 0);
	root = f->pt.root;
	assert_true(root >= POOL_PA && root < POOL_PA + POOL_PAGES * PAGE);
	assert_int_equal(pt_map(&f->pt, TEXT, IMAGE_PA, 4 * PAGE, RX), 0);
	assert_int_equal(pt_map(&f->pt, DATA, RAM_PA, 4 * PAGE, RW), 0);
	f->pt.keep[0] = (struct pt_range){ TEXT, TEXT + 4 * PAGE };
	f->pt.keep_sealed[0] = (struct pt_range){ DATA, DATA + 4 * PAGE };
	f->pt.flags = 0;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	free((void *)f->pt.pool);
	free(f);
	return 0;
}

static uint64_t pa_of(struct pt *pt, uint64_t va)
{
	uint64_t size, leaf = pt_lookup(pt, va, &size);

	return leaf ? (leaf & PTE_ADDR & ~(size - 1)) + (va & (size - 1)) : 0;
}

static void maps_pages(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t size;

	assert_int_equal(pt_map(pt, VA, RAM_PA + PAGE, 3 * PAGE, RW), 0);
	assert_int_equal(pa_of(pt, VA), RAM_PA + PAGE);
	assert_int_equal(pa_of(pt, VA + 2 * PAGE + 5), RAM_PA + 3 * PAGE + 5);
	assert_int_equal(pt_lookup(pt, VA + 3 * PAGE, &size), 0);
	assert_int_equal(pt_lookup(pt, VA, &size) & ~PTE_ADDR, PTE_P | PTE_W | PTE_U | PTE_A | PTE_D | PTE_NX);
	assert_int_equal(pt->flush_count + pt->flush_all, 0);
}

static void pool_that_was_not_zeros(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t size;

	memset((void *)pt->pool, 0xff, pt->pool_len);
	pt->flags = PT_F_LOADER | PT_F_DIRTY;
	assert_int_equal(pt_init(pt), 0);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), 0);
	assert_int_equal(pa_of(pt, VA), RAM_PA);
	assert_int_equal(pt_lookup(pt, VA - PAGE, &size), 0);
	assert_int_equal(pt_lookup(pt, VA + PAGE, &size), 0);
	assert_int_equal(pt_lookup(pt, TEXT, &size), 0);
	pt->flags = PT_F_DIRTY;
	assert_int_equal(pt_unmap(pt, VA, PAGE), 0);
	assert_int_equal(pt_map(pt, VA + LARGE, RAM_PA, PAGE, RW), 0);
	assert_int_equal(pt_lookup(pt, VA, &size), 0);
}

static void uncached_is_the_loaders(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t size;

	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW | PT_UNCACHED), -EINVAL);
	pt->flags = PT_F_LOADER;
	assert_int_equal(pt_map(pt, VA, 0xfee00000, PAGE, RW | PT_UNCACHED), 0);
	assert_int_equal(pt_lookup(pt, VA, &size) & (PTE_PCD | PTE_PWT | PTE_NX | PTE_W),
			 PTE_PCD | PTE_PWT | PTE_NX | PTE_W);
}

static void rights(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t size;

	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, PT_READ), 0);
	assert_int_equal(pt_lookup(pt, VA, &size) & (PTE_W | PTE_NX), PTE_NX);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RX), 0);
	assert_int_equal(pt_lookup(pt, VA, &size) & (PTE_W | PTE_NX), 0);
	assert_int_equal(pt->flush_count, 1);
	assert_int_equal(pt->flush[0].va, VA);
	assert_int_equal(pt->flush[0].pa, RAM_PA);
	assert_int_equal(pt_protect(pt, VA, PAGE, RW), 0);
	assert_int_equal(pt_lookup(pt, VA, &size) & (PTE_W | PTE_NX), PTE_W | PTE_NX);
	assert_int_equal(pt_protect(pt, VA, PAGE, 0), 0);
	assert_int_equal(pt_lookup(pt, VA, &size), 0);
}

static void large_pages(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t size;

	assert_int_equal(pt_map(pt, VA + LARGE - PAGE, RAM_PA + LARGE - PAGE, LARGE + 2 * PAGE, RW), 0);
	pt_lookup(pt, VA + LARGE, &size);
	assert_int_equal(size, LARGE);
	pt_lookup(pt, VA + LARGE - PAGE, &size);
	assert_int_equal(size, PAGE);
	assert_int_equal(pt_unmap(pt, VA + LARGE + 7 * PAGE, PAGE), 0);
	assert_true(pt->flush_all);
	assert_int_equal(pa_of(pt, VA + LARGE + 7 * PAGE), 0);
	assert_int_equal(pa_of(pt, VA + LARGE + 6 * PAGE), RAM_PA + LARGE + 6 * PAGE);
	assert_int_equal(pa_of(pt, VA + 2 * LARGE - 1), RAM_PA + 2 * LARGE - 1);
	assert_int_equal(pt_map(pt, VA + LARGE, RAM_PA, LARGE, PT_READ), 0);
	assert_int_equal(pa_of(pt, VA + LARGE + 7 * PAGE), 0x200000 + 7 * PAGE);
	pt_lookup(pt, VA + LARGE, &size);
	assert_int_equal(size, LARGE);
}

static void gigabyte_pages(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t size;

	pt->ram.end = 8ull << 30;
	assert_int_equal(pt_map(pt, VA, 1ull << 30, 1ull << 30, RW), 0);
	pt_lookup(pt, VA, &size);
	assert_int_equal(size, LARGE);
	assert_int_equal(pt_unmap(pt, VA, 1ull << 30), 0);
	pt->flags |= PT_F_1G;
	assert_int_equal(pt_map(pt, VA, 1ull << 30, 1ull << 30, RW), 0);
	pt_lookup(pt, VA, &size);
	assert_int_equal(size, 1ull << 30);
	assert_int_equal(pt_protect(pt, VA + LARGE + PAGE, PAGE, PT_READ), 0);
	assert_int_equal(pa_of(pt, VA + LARGE + PAGE), (1ull << 30) + LARGE + PAGE);
	assert_int_equal(pt_lookup(pt, VA + LARGE + PAGE, &size) & PTE_W, 0);
	assert_int_equal(pt_lookup(pt, VA + LARGE + 2 * PAGE, &size) & PTE_W, PTE_W);
	pt_lookup(pt, VA + 5 * LARGE, &size);
	assert_int_equal(size, LARGE);
}

// What was taken for a mapping comes back with it, however often.
static void tables_come_back(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	int i;

	for (i = 0; i < 1000; i++) {
		uint64_t va = (1ull << 40) + (uint64_t)i * (1ull << 31);

		assert_int_equal(pt_map(pt, va, RAM_PA, PAGE, RW), 0);
		assert_int_equal(pt_unmap(pt, va, PAGE), 0);
		assert_true(pt->flush_all);
	}
	assert_int_equal(pt_map(pt, VA, RAM_PA, LARGE - PAGE, RW), 0);
	assert_int_equal(pt_unmap(pt, 0x10000, TEXT - 0x10000), 0);
	assert_int_equal(pt_unmap(pt, VA - (1ull << 39), 1ull << 40), 0);
	assert_int_equal(pa_of(pt, VA), 0);
	assert_int_equal(pa_of(pt, TEXT), IMAGE_PA);
}

static void kept_tables_are_trimmed(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	int i, err = 0;

	pt->flags |= PT_F_KEEP;
	for (i = 0; i < 1000 && !err; i++) {
		err = pt_map(pt, VA + (uint64_t)i * LARGE, RAM_PA, PAGE, RW);
		if (err)
			break;
		assert_int_equal(pt_unmap(pt, VA + (uint64_t)i * LARGE, PAGE), 0);
		assert_false(pt->flush_all);
		assert_int_equal(pt->flush_count, 1);
	}
	assert_int_equal(err, -ENOMEM);
	assert_true(pt_trim(pt) > 30);
	assert_true(pt->flush_all);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), 0);
	assert_int_equal(pa_of(pt, DATA), RAM_PA);
}

static void neighbours_are_joined(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	int i;

	assert_int_equal(pt_map(pt, VA + PAGE, RAM_PA + PAGE, 100 * PAGE, RW), 0);
	assert_int_equal(pt_protect(pt, VA + PAGE, 100 * PAGE, PT_READ), 0);
	assert_int_equal(pt->flush_count, 1);
	assert_int_equal(pt->flush[0].len, 100 * PAGE);
	for (i = 0; i < PT_FLUSH_MAX + 1; i++)
		assert_int_equal(pt_map(pt, VA + LARGE + (uint64_t)i * PAGE, RAM_PA + 50 * PAGE - (uint64_t)i * PAGE, PAGE, RW), 0);
	assert_int_equal(pt_protect(pt, VA + LARGE, PT_FLUSH_MAX * PAGE, PT_READ), 0);
	assert_false(pt->flush_all);
	assert_int_equal(pt->flush_count, PT_FLUSH_MAX);
	assert_int_equal(pt_protect(pt, VA + LARGE, (PT_FLUSH_MAX + 1) * PAGE, RX), 0);
	assert_true(pt->flush_all);
}

static void out_of_tables(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	int i, err = 0;

	for (i = 0; i < 1000 && !err; i++)
		err = pt_map(pt, VA + (uint64_t)i * LARGE, RAM_PA, PAGE, RW);
	assert_int_equal(err, -ENOMEM);
	assert_int_equal(pa_of(pt, VA + PAGE * 0), RAM_PA);
	assert_int_equal(pt_unmap(pt, VA, 1ull << 33), 0);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), 0);
}

static void refuses_addresses(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;

	assert_int_equal(pt_map(pt, 0, RAM_PA, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, USER_LOW - PAGE, RAM_PA, 2 * PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, USER_HIGH, RAM_PA, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, USER_HIGH - PAGE, RAM_PA, 2 * PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, 0x800000000000ull, RAM_PA, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, 0xffff800000000000ull, RAM_PA, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, 0xfffffffffffff000ull, RAM_PA, PAGE, RW), -EINVAL);
	assert_int_equal(pt_unmap(pt, USER_LOW, 0x800000000000ull), -EPERM);
	assert_int_equal(pt_unmap(pt, VA, ~0ull << 12), -EINVAL);
	assert_int_equal(pt_protect(pt, 0xffff800000000000ull, PAGE, RW), -EPERM);
}

static void refuses_unaligned(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;

	assert_int_equal(pt_map(pt, VA + 1, RAM_PA, PAGE, RW), -EINVAL);
	assert_int_equal(pt_map(pt, VA, RAM_PA + 8, PAGE, RW), -EINVAL);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE + 1, RW), -EINVAL);
	assert_int_equal(pt_map(pt, VA, RAM_PA, 0, RW), -EINVAL);
	assert_int_equal(pt_unmap(pt, VA, 0), -EINVAL);
	assert_int_equal(pt_unmap(pt, VA + 2048, PAGE), -EINVAL);
	assert_int_equal(pt_protect(pt, VA, 4095, RW), -EINVAL);
}

static void refuses_memory(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;

	assert_int_equal(pt_map(pt, VA, 0, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, VA, RAM_PA - PAGE, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, VA, RAM_END - PAGE, 2 * PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, VA, POOL_PA, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, VA, POOL_PA, PAGE, PT_READ), -EPERM);
	assert_int_equal(pt_map(pt, VA, IMAGE_PA, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, VA, IMAGE_END, PAGE, PT_READ), -EPERM);
	assert_int_equal(pt_map(pt, VA, ~0xfffull, 2 * PAGE, RW), -EINVAL);
	assert_int_equal(pt_map(pt, VA, 1ull << 52, PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, VA, IMAGE_PA, PAGE, RX), 0);
	assert_int_equal(pt_protect(pt, VA, PAGE, PT_READ), 0);
}

static void refuses_rights(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;

	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, 7), -EACCES);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, PT_WRITE | PT_EXEC), -EACCES);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, 8), -EINVAL);
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, 0), -EINVAL);
	assert_int_equal(pt_protect(pt, VA, PAGE, 7), -EACCES);
	assert_int_equal(pt_protect(pt, VA, PAGE, 0x100), -EINVAL);
	pt->flags |= PT_F_WX;
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, 7), 0);
}

static void refuses_image_for_writing_later(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t size;

	assert_int_equal(pt_map(pt, VA, IMAGE_PA, 2 * PAGE, PT_READ), 0);
	assert_int_equal(pt_protect(pt, VA, PAGE, RW), -EPERM);
	assert_int_equal(pt_lookup(pt, VA, &size) & PTE_W, 0);
}

static void refuses_the_library_os(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;

	assert_int_equal(pt_map(pt, TEXT, RAM_PA, PAGE, RX), -EPERM);
	assert_int_equal(pt_unmap(pt, TEXT + 3 * PAGE, PAGE), -EPERM);
	assert_int_equal(pt_unmap(pt, TEXT - PAGE, 16 * PAGE), -EPERM);
	assert_int_equal(pt_protect(pt, TEXT - LARGE, 2 * LARGE, RW), -EPERM);
	assert_int_equal(pt_protect(pt, DATA, PAGE, PT_READ), 0);
	assert_int_equal(pt_protect(pt, DATA, PAGE, RW), 0);
	pt->flags |= PT_F_SEALED;
	assert_int_equal(pt_protect(pt, DATA, PAGE, PT_READ), -EPERM);
	assert_int_equal(pt_unmap(pt, DATA, PAGE), -EPERM);
	assert_int_equal(pt_map(pt, DATA + 3 * PAGE, RAM_PA, 2 * PAGE, RW), -EPERM);
	assert_int_equal(pt_map(pt, DATA + 4 * PAGE, RAM_PA, PAGE, RW), 0);
	assert_int_equal(pa_of(pt, TEXT), IMAGE_PA);
	assert_int_equal(pa_of(pt, DATA), RAM_PA);
}

// The monitor believes the guest's memory nothing.
static void damaged_tables(void **state)
{
	struct pt *pt = &((struct fixture *)*state)->pt;
	uint64_t *root = (uint64_t *)(pt->pool + (pt->root - POOL_PA)), size;

	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), 0);
	root[VA >> 39] = 0x5555555000ull | PTE_P | PTE_W | PTE_U;
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), -EFAULT);
	assert_int_equal(pt_unmap(pt, VA, PAGE), -EFAULT);
	assert_int_equal(pt_protect(pt, VA, PAGE, PT_READ), -EFAULT);
	assert_int_equal(pt_lookup(pt, VA, &size), 0);
	root[VA >> 39] = 0;
	pt->state->free = 0x7777777000ull;
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), -ENOMEM);
	pt->state->free = 0;
	pt->state->next = ~0xfffull;
	assert_int_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), -ENOMEM);
	pt->state->next = 0x333;
	assert_int_not_equal(pt_map(pt, VA, RAM_PA, PAGE, RW), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(maps_pages), T(pool_that_was_not_zeros), T(uncached_is_the_loaders), T(rights), T(large_pages), T(gigabyte_pages), T(tables_come_back), T(kept_tables_are_trimmed),
		T(neighbours_are_joined), T(out_of_tables), T(refuses_addresses), T(refuses_unaligned), T(refuses_memory),
		T(refuses_rights), T(refuses_image_for_writing_later), T(refuses_the_library_os), T(damaged_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
