// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The nucleus's part of RAM and the first page tables (loader/nucleus.h).
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <loader/nucleus.h>

// Offsets in the nucleus's part.
#define CODE_OFF 0ul
#define DATA_OFF (NUCLEUS_CODE_MAX + 0ul)
#define STACK_OFF (DATA_OFF + PAGE_SIZE)
#define IST_OFF (STACK_OFF + (NUCLEUS_STACK_TOP - NUCLEUS_STACK))
#define POOL_OFF (IST_OFF + (NUCLEUS_IST_TOP - NUCLEUS_IST))

#define POOL_MIN (128ul << 10)
#define KERNEL_HALF 0xffff800000000000ull
#define GIB (1ull << 30)
#define LARGE (2ull << 20)

// One table of 4 KiB maps 2 MiB: 1/512 of memory maps all of it once in small pages. Four times
// that, for sparse address spaces.
uint64_t nucleus_reserve(uint64_t memory)
{
	return POOL_OFF + ((memory / 128 + POOL_MIN) & ~(PAGE_SIZE - 1));
}

// All of the part but the pool.
static const struct {
	uint32_t va, off, len, prot;
} pieces[] = {
	{ NUCLEUS_CODE, CODE_OFF, NUCLEUS_CODE_MAX, PT_READ | PT_EXEC },
	{ NUCLEUS_DATA, DATA_OFF, PAGE_SIZE, PT_READ | PT_WRITE },
	{ NUCLEUS_STACK, STACK_OFF, NUCLEUS_STACK_TOP - NUCLEUS_STACK, PT_READ | PT_WRITE },
	{ NUCLEUS_IST, IST_OFF, NUCLEUS_IST_TOP - NUCLEUS_IST, PT_READ | PT_WRITE },
};

static int map_nucleus(struct nucleus *n, const struct nucleus_place *p)
{
	uint64_t pool = n->pt.pool_pa;
	int err = pt_map_nucleus(&n->pt, n->va + NUCLEUS_POOL + pool % LARGE, pool, n->pt.pool_len,
				 PT_READ | PT_WRITE);

	if (!err)
		err = pt_map_nucleus(&n->pt, n->va + NUCLEUS_AREA, p->loaded->area_pa, PAGE_SIZE,
				     PT_READ | PT_WRITE);
	for (unsigned i = 0; i < sizeof pieces / sizeof pieces[0] && !err; i++)
		err = pt_map_nucleus(&n->pt, n->va + pieces[i].va, p->pa + pieces[i].off,
				     pieces[i].len, pieces[i].prot);
	return err;
}

static int build_tables(struct nucleus *n, const struct nucleus_place *p)
{
	const struct loaded *l = p->loaded;
	int err = pt_init(&n->pt);

	if (!err)
		err = map_nucleus(n, p);
	for (unsigned i = 0; i < l->maps && !err; i++)
		err = pt_map(&n->pt, l->map[i].va, l->map[i].pa, l->map[i].len, l->map[i].prot);
	return err;
}

int nucleus_prepare(struct nucleus *n, const struct nucleus_place *p)
{
	if (p->code_len > NUCLEUS_CODE_MAX)
		return -EINVAL;
	if (p->len <= POOL_OFF)
		return -ENOMEM;
	n->va = KERNEL_HALF + p->random % (127ull << 10) * GIB;
	n->data = (struct nucleus_data *)(p->part + DATA_OFF);
	n->pt = (struct pt){
		.state = &n->data->pt_state,
		.pool = (uintptr_t)p->part + POOL_OFF,
		.pool_pa = p->pa + POOL_OFF,
		.pool_len = p->len - POOL_OFF,
		.flags = PT_F_LOADER | p->pt_flags,
	};
	if (p->pt_flags & PT_F_DIRTY)
		memset(p->part, 0, POOL_OFF);
	memcpy(p->part + CODE_OFF, p->code, p->code_len);
	nucleus_fill_data(n, p);
	return build_tables(n, p);
}

static int add_range(struct pt_range *list, uint64_t va, uint64_t len)
{
	for (unsigned i = 0; i < PT_KEEP_MAX; i++) {
		if (!list[i].end) {
			list[i] = (struct pt_range){ va, va + len };
			return 0;
		}
	}
	return -ENOMEM;
}

int nucleus_keep(struct nucleus *n, uint64_t va, uint64_t len)
{
	return add_range(n->pt.keep, va, len);
}

// Text and constants of the library OS stay as they are; the rest of what the loader mapped until
// the seal.
static int set_limits(struct pt *pt, const struct nucleus_place *p)
{
	const struct loaded *l = p->loaded;
	const struct boot_block *b = l->boot;
	uint64_t image_len = (p->image_len + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
	int err = 0;

	pt->ram = (struct pt_range){ b->ram_pa, b->ram_pa + b->ram_len };
	pt->image = (struct pt_range){ l->image_pa, l->image_pa + image_len };
	pt->va_low = USER_LOW;
	pt->va_high = USER_HIGH;
	for (unsigned i = 0; i < l->maps && !err; i++) {
		const struct load_map *m = &l->map[i];
		int stays = m->va >= b->kernel_va &&
			    m->va + m->len <= b->kernel_va + b->kernel_len && !(m->prot & LOAD_W);

		err = add_range(stays ? pt->keep : pt->keep_sealed, m->va, m->len);
	}
	return err;
}

int nucleus_finish(struct nucleus *n, const struct nucleus_place *p)
{
	struct nucleus_data *d = n->data;
	int err = set_limits(&n->pt, p);

	if (err)
		return err;
	n->pt.flags = p->pt_flags;
	d->pt = n->pt;
	d->pt.state = (struct pt_state *)(n->va + NUCLEUS_DATA +
					  offsetof(struct nucleus_data, pt_state));
	d->pt.pool = n->va + NUCLEUS_POOL + n->pt.pool_pa % LARGE;
	return 0;
}
