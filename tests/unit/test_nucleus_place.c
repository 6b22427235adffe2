// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// How the nucleus is laid out at the end of RAM, and what its editor allows then.
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <loader/nucleus.h>

#define MEMORY (8ul << 20)
#define RAM_PA 0x4600000ul
#define IMAGE_PA 0x200000ul
#define KERNEL_VA 0x200000000000ul
#define RAM_VA 0x200040000000ul
#define IMAGE_VA 0x200080000000ul
#define TEXT_LEN 0x4000ul
#define IMAGE_LEN 0x7123ul
#define AREA_PA (RAM_PA + 0x3000)
#define DEVICE_PA 0xfee00000ul
#define RW (PT_READ | PT_WRITE)

static uint8_t code[0x1234];
static struct boot_block boot;
static struct loaded loaded;
static struct nucleus_place place;
static struct nucleus nucleus;

static int set_up(void **state)
{
	uint64_t usable = MEMORY - nucleus_reserve(MEMORY);

	memset(code, 0xc0, sizeof(code));
	boot = (struct boot_block){
		.kernel_va = KERNEL_VA, .kernel_len = TEXT_LEN, .ram_pa = RAM_PA, .ram_len = usable
	};
	loaded = (struct loaded){
		.map = { { KERNEL_VA, IMAGE_PA, TEXT_LEN, LOAD_R | LOAD_X },
			 { RAM_VA, RAM_PA, usable, LOAD_R | LOAD_W },
			 { IMAGE_VA, IMAGE_PA, 0x8000, LOAD_R } },
		.maps = 3, .entry = KERNEL_VA + 0x10, .syscall_entry = KERNEL_VA + 0x20,
		.trap_entry = KERNEL_VA + 0x30, .stack_top = RAM_VA + 0x2000,
		.area_pa = AREA_PA, .image_pa = IMAGE_PA, .boot = &boot,
	};
	place = (struct nucleus_place){
		.part = aligned_alloc(PAGE_SIZE, MEMORY - usable), .pa = RAM_PA + usable,
		.len = MEMORY - usable, .code = code, .code_len = sizeof(code),
		.random = 12345, .image_len = IMAGE_LEN, .loaded = &loaded,
	};
	memset(place.part, 0, place.len);
	return 0;
}

static int tear_down(void **state)
{
	free(place.part);
	return 0;
}

static void lay_out(void)
{
	assert_int_equal(nucleus_prepare(&nucleus, &place), 0);
	assert_int_equal(nucleus_finish(&nucleus, &place), 0);
}

// Where the guest's address leads: the pa, with the rights in *bits.
static uint64_t pa_of(uint64_t va, uint64_t *bits)
{
	uint64_t size, leaf = pt_lookup(&nucleus.pt, va, &size);

	assert_true(leaf & PTE_P);
	*bits = leaf & (PTE_W | PTE_U | PTE_NX | PTE_PCD);
	return (leaf & PTE_ADDR & ~(size - 1)) + (va & (size - 1));
}

static uint64_t gate_target(const struct gate *g)
{
	return g->offset_low | (uint64_t)g->offset_mid << 16 | (uint64_t)g->offset_high << 32;
}

static void parts_are_mapped_for_cpl0(void **state)
{
	const struct {
		uint64_t at, off, bits;
	} parts[] = {
		{ NUCLEUS_CODE, 0, 0 },
		{ NUCLEUS_CODE + NUCLEUS_CODE_MAX - 1, NUCLEUS_CODE_MAX - 1, 0 },
		{ NUCLEUS_DATA, 0x8000, PTE_W | PTE_NX },
		{ NUCLEUS_STACK_TOP - 1, 0xafff, PTE_W | PTE_NX },
		{ NUCLEUS_IST_TOP - 1, 0xbfff, PTE_W | PTE_NX },
	};
	uint64_t bits, size;

	lay_out();
	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		assert_int_equal(pa_of(nucleus.va + parts[i].at, &bits), place.pa + parts[i].off);
		assert_int_equal(bits, parts[i].bits);
	}
	assert_int_equal(pa_of(nucleus.va + NUCLEUS_AREA, &bits), AREA_PA);
	assert_int_equal(pt_lookup(&nucleus.pt, nucleus.va + NUCLEUS_STACK - 1, &size), 0);
	assert_int_equal(pt_lookup(&nucleus.pt, nucleus.va + NUCLEUS_IST - 1, &size), 0);
	assert_memory_equal(place.part, code, sizeof(code));
	assert_ptr_equal(nucleus.data, place.part + 0x8000);
}

static void loader_list_is_mapped_for_cpl3(void **state)
{
	uint64_t bits;

	lay_out();
	assert_int_equal(pa_of(KERNEL_VA, &bits), IMAGE_PA);
	assert_int_equal(bits, PTE_U);
	assert_int_equal(pa_of(RAM_VA + boot.ram_len - 1, &bits), RAM_PA + boot.ram_len - 1);
	assert_int_equal(bits, PTE_U | PTE_W | PTE_NX);
	assert_int_equal(pa_of(IMAGE_VA, &bits), IMAGE_PA);
	assert_int_equal(bits, PTE_U | PTE_NX);
}

// What the nucleus itself finds: the same tables by its own addresses.
static void nucleus_has_its_own_view(void **state)
{
	const struct nucleus_data *d;
	uint64_t bits;

	lay_out();
	d = nucleus.data;
	assert_int_equal(d->pt.root, nucleus.pt.root);
	assert_int_equal(pa_of(d->pt.pool, &bits), nucleus.pt.pool_pa);
	assert_int_equal(bits, PTE_W | PTE_NX);
	assert_int_equal(pa_of((uintptr_t)d->pt.state, &bits),
			 place.pa + (uint64_t)((uint8_t *)&d->pt_state - place.part));
	assert_int_equal(d->pt.flags, 0);
	assert_int_equal(gate_target(&d->idt[TRAP_PAGE]),
			 nucleus.va + NUCLEUS_TRAPS + TRAP_PAGE * NUCLEUS_TRAP_SIZE);
	assert_int_equal(d->idt[TRAP_PAGE].type, 0x8e);
	assert_int_equal(d->idt[TRAP_BREAKPOINT].type, 0xee);
	assert_int_equal(d->idt[8].ist, 1);
	assert_int_equal(gate_target(&d->idt[NUCLEUS_CALL_VECTOR]), nucleus.va + NUCLEUS_CALL);
	assert_int_equal(d->idt[NUCLEUS_CALL_VECTOR].type, 0xee);
	assert_int_equal(d->idt[NUCLEUS_CALL_VECTOR].ist, 2);
	assert_int_equal(gate_target(&d->crash_idt[TRAP_PAGE]),
			 nucleus.va + NUCLEUS_CRASHES + TRAP_PAGE * NUCLEUS_CRASH_SIZE);
	assert_int_equal(d->start.rip, loaded.entry);
	assert_int_equal(d->start.rsp, loaded.stack_top);
	assert_int_equal(d->start.cs, SEL_USER_CS);
	assert_int_equal(d->syscall.rip, loaded.syscall_entry);
	assert_int_equal(d->trap.rip, loaded.trap_entry);
	assert_int_equal(d->tss.io_permit[HOST_PORT / 8] & 0xf, 0);
}

static void limits_hold(void **state)
{
	struct pt *pt = &nucleus.pt;
	uint64_t va = 0x400000;

	lay_out();
	assert_int_equal(pt_map(pt, va, RAM_PA, PAGE_SIZE, RW), 0);
	assert_int_equal(pt_map(pt, va, IMAGE_PA + 0x7000, PAGE_SIZE, PT_READ), 0);
	assert_int_equal(pt_map(pt, va, IMAGE_PA, PAGE_SIZE, RW), -EPERM);
	assert_int_equal(pt_map(pt, va, IMAGE_PA + 0x8000, PAGE_SIZE, PT_READ), -EPERM);
	assert_int_equal(pt_map(pt, va, RAM_PA - PAGE_SIZE, PAGE_SIZE, PT_READ), -EPERM);
	assert_int_equal(pt_map(pt, va, place.pa, PAGE_SIZE, PT_READ), -EPERM);
	assert_int_equal(pt_map(pt, va, RAM_PA, PAGE_SIZE, RW | PT_EXEC), -EACCES);
	assert_int_equal(pt_map(pt, va, RAM_PA, PAGE_SIZE, RW | PT_UNCACHED), -EINVAL);
	assert_int_equal(pt_map(pt, nucleus.va, RAM_PA, PAGE_SIZE, RW), -EPERM);
	assert_int_equal(pt_unmap(pt, KERNEL_VA, PAGE_SIZE), -EPERM);
	assert_int_equal(pt_protect(pt, IMAGE_VA, PAGE_SIZE, 0), 0);
	pt->flags |= PT_F_SEALED;
	assert_int_equal(pt_unmap(pt, RAM_VA, PAGE_SIZE), -EPERM);
}

static void more_is_mapped_between_the_steps(void **state)
{
	uint64_t va = 0x2000c0000000, bits;

	assert_int_equal(nucleus_prepare(&nucleus, &place), 0);
	assert_int_equal(pt_map(&nucleus.pt, va, DEVICE_PA, PAGE_SIZE, RW | PT_UNCACHED), 0);
	assert_int_equal(pt_map_nucleus(&nucleus.pt, nucleus.va + 0x20000, DEVICE_PA, PAGE_SIZE,
					RW | PT_UNCACHED), 0);
	assert_int_equal(nucleus_keep(&nucleus, va, PAGE_SIZE), 0);
	assert_int_equal(nucleus_finish(&nucleus, &place), 0);
	assert_int_equal(pa_of(va, &bits), DEVICE_PA);
	assert_int_equal(bits, PTE_W | PTE_U | PTE_NX | PTE_PCD);
	assert_int_equal(pa_of(nucleus.va + 0x20000, &bits), DEVICE_PA);
	assert_int_equal(bits, PTE_W | PTE_NX | PTE_PCD);
	assert_int_equal(pt_protect(&nucleus.pt, va, PAGE_SIZE, PT_READ | PT_EXEC), -EPERM);
	assert_int_equal(pt_unmap(&nucleus.pt, KERNEL_VA, PAGE_SIZE), -EPERM);
	assert_int_equal(pt_map(&nucleus.pt, va + PAGE_SIZE, DEVICE_PA, PAGE_SIZE, RW), -EPERM);
}

static void tss_elsewhere(void **state)
{
	uint8_t *bytes = calloc(1, 3 * PAGE_SIZE);
	const struct nucleus_data *d;
	uint64_t at;

	place.tss = (struct nucleus_tss){ (struct tss *)bytes, 0x30000, 104 + 8192 + 1 };
	lay_out();
	d = nucleus.data;
	at = (d->gdt[8] >> 16 & 0xffffff) | d->gdt[8] >> 56 << 24 | d->gdt[9] << 32;
	assert_int_equal(at, nucleus.va + 0x30000);
	assert_int_equal((d->gdt[8] & 0xffff) | (d->gdt[8] >> 48 & 0xf) << 16, 104 + 8192);
	assert_int_equal(d->gdt[8] >> 40 & 0xff, 0x89);
	assert_int_equal(place.tss.tss->io_map, 104);
	assert_int_equal(place.tss.tss->ist[1], nucleus.va + NUCLEUS_STACK_TOP);
	assert_int_equal(place.tss.tss->rsp[0],
			 nucleus.va + NUCLEUS_AREA + offsetof(struct vcpu_area, events));
	for (unsigned i = 104; i < 3 * PAGE_SIZE; i++) // the caller's
		assert_int_equal(bytes[i], 0);
	free(bytes);
}

static void dirty_part_gives_the_same(void **state)
{
	struct nucleus_data clean;
	uint64_t bits;

	lay_out();
	clean = *nucleus.data;
	memset(place.part, 0xa5, place.len);
	place.pt_flags = PT_F_DIRTY;
	lay_out();
	assert_int_equal(nucleus.data->pt.flags, PT_F_DIRTY);
	nucleus.data->pt.flags = 0;
	assert_memory_equal(&clean, nucleus.data, sizeof(clean));
	assert_int_equal(place.part[sizeof(code)], 0);
	assert_int_equal(pa_of(KERNEL_VA, &bits), IMAGE_PA);
	loader_list_is_mapped_for_cpl3(state);
}

static void refuses(void **state)
{
	place.code_len = NUCLEUS_CODE_MAX + 1;
	assert_int_equal(nucleus_prepare(&nucleus, &place), -EINVAL);
	place.code_len = 0;
	place.len = 12 * PAGE_SIZE;
	assert_int_equal(nucleus_prepare(&nucleus, &place), -ENOMEM);
	place.len = 15 * PAGE_SIZE;
	assert_int_equal(nucleus_prepare(&nucleus, &place), -ENOMEM);
	place.len = nucleus_reserve(MEMORY);
	assert_int_equal(nucleus_prepare(&nucleus, &place), 0);
	for (unsigned i = 0; i < PT_KEEP_MAX; i++)
		assert_int_equal(nucleus_keep(&nucleus, 0x1000, PAGE_SIZE), 0);
	assert_int_equal(nucleus_keep(&nucleus, 0x1000, PAGE_SIZE), -ENOMEM);
	assert_int_equal(nucleus_finish(&nucleus, &place), -ENOMEM);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(parts_are_mapped_for_cpl0),
		T(loader_list_is_mapped_for_cpl3),
		T(nucleus_has_its_own_view),
		T(limits_hold),
		T(more_is_mapped_between_the_steps),
		T(tss_elsewhere),
		T(dirty_part_gives_the_same),
		T(refuses),
	};

	return cmocka_run_group_tests_name("nucleus_place", tests, NULL, NULL);
}
