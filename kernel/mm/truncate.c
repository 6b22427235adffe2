// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Pages that a file no longer has are taken out of the mappings. Copies that the program wrote to
// in private mappings stay.
#include <fs/vnode.h>
#include <mm/space.h>

struct drop {
	const struct region *r;
	uintptr_t low, high;
};

static void drop_shared(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	struct drop *d = arg;
	paddr_t pa = pte_pa(mm, *pte);

	if ((*pte & (PTE_OWNED | PTE_COPY)) && !(d->r->flags & REGION_SHARED))
		return;
	d->low = MIN(d->low, va);
	d->high = MAX(d->high, va + PAGE_SIZE);
	pte_clear(mm, va, pte);
	frame_put(pa);
}

static void truncate_in(struct mm *mm, struct vnode *v, uint64_t from)
{
	for (const struct region *r = region_at(mm, 0); r; r = r->next) {
		struct drop d = { r, UINTPTR_MAX, 0 };
		uint64_t skip = from > d.r->off ? ALIGN_UP(from - d.r->off, PAGE_SIZE) : 0;

		if (d.r->vnode != v || skip >= d.r->end - d.r->start)
			continue;
		pte_each(mm, d.r->start + skip, d.r->end, drop_shared, &d);
		// Copies in between are forgotten with the rest: a fault maps them again.
		if (d.high && mm_mapped(mm))
			plat->unmap(d.low, d.high - d.low);
		chunk_drop_empty(mm, d.r->start + skip, d.r->end);
	}
}

void mm_vnode_truncated(struct vnode *v, uint64_t from)
{
	for (struct mm *mm = v->mappings ? mm_list : NULL; mm; mm = mm->next)
		truncate_in(mm, v, from);
}
