// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mprotect. The platform is told once for each run of pages that get the same rights: mostly once,
// whatever lies between.
#include <asm-generic/errno-base.h>
#include <fs/vnode.h>
#include <mm/space.h>

#define GROWN_MAX (16 * PAGE_SIZE)

// Pages [start, end) that get prot; holes between them do not matter.
struct change {
	const struct region *r;
	uintptr_t start, end;
	unsigned prot;
};

static void change_flush(struct change *c)
{
	if (c->end > c->start && plat->protect(c->start, c->end - c->start, c->prot))
		plat->unmap(c->start, c->end - c->start); // forgotten, and mapped anew by faults
	c->start = c->end = 0;
}

static void change_page(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	struct change *c = arg;
	unsigned prot = pte_prot(mm, c->r, *pte);

	if (prot != c->prot || va < c->end)
		change_flush(c);
	if (!c->end)
		c->start = va;
	c->end = va + PAGE_SIZE;
	c->prot = prot;
}

void region_protect(struct mm *mm, const struct region *r, uintptr_t start, uintptr_t end)
{
	struct change c = { .r = r };

	pte_each(mm, start, end, change_page, &c);
	change_flush(&c);
}

static void clean_page(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	*pte &= ~PTE_OWNED;
}

static void clean_in(struct mm *mm, const struct vnode *v, uint64_t from, uint64_t to)
{
	for (struct region *r = region_at(mm, 0); r; r = r->next) {
		uint64_t len = r->end - r->start, low = MAX(from, r->off) - r->off;
		uint64_t high = to > r->off ? MIN(to - r->off, len) : 0;

		if (r->vnode != v || !(r->flags & REGION_SHARED) || low >= high)
			continue;
		pte_each(mm, r->start + low, r->start + high, clean_page, NULL);
		if (mm_mapped(mm))
			region_protect(mm, r, r->start + low, r->start + high);
	}
}

void mm_vnode_clean(struct vnode *v, uint64_t from, uint64_t to)
{
	to = MIN(to, INT64_MAX);
	for (struct mm *mm = v->mappings ? mm_list : NULL; mm; mm = mm->next)
		clean_in(mm, v, ALIGN_DOWN(from, PAGE_SIZE), ALIGN_UP(to, PAGE_SIZE));
}

static int check(struct mm *mm, uintptr_t addr, uintptr_t end, unsigned prot)
{
	for (struct region *r = region_at(mm, addr); addr < end; addr = r->end, r = r->next) {
		if (!r || r->start > addr)
			return -ENOMEM;
		if ((r->flags & REGION_KERNEL) ||
		    ((r->flags & REGION_READONLY) && (prot & PROT_W)))
			return -EACCES;
	}
	return region_reserve(mm);
}

// A heap that grows by mprotect, page by page (glibc's of threads do), is about to be written to: a
// fault for each page is saved. It shows by what is below: the same region, and there already.
static void fill_grown(struct mm *mm, uintptr_t addr, uintptr_t end)
{
	struct region *r = region_find(mm, addr);
	const uint32_t *below = pte_find(mm, addr - PAGE_SIZE), *pte = pte_find(mm, addr);

	if (r && r->prot == (PROT_R | PROT_W) && !r->vnode && r->start < addr && r->end == end &&
	    end - addr <= GROWN_MAX && below && *below && (!pte || !*pte))
		region_fill(mm, r, addr, end, true);
}

int mm_protect(struct mm *mm, uintptr_t addr, size_t len, unsigned prot)
{
	struct change c = { 0 };
	uintptr_t end;
	int err;

	if (addr & (PAGE_SIZE - 1))
		return -EINVAL;
	if (!range_end(addr, len, &end))
		return -ENOMEM;
	err = check(mm, addr, end, prot);
	if (err || addr == end)
		return err;
	region_split(mm, addr);
	region_split(mm, end);
	for (struct region *r = region_at(mm, addr); r && r->start < end; r = r->next) {
		if (r->prot == prot)
			continue;
		r->prot = (uint8_t)prot;
		c.r = r;
		pte_each(mm, r->start, r->end, change_page, &c);
		change_flush(&c);
	}
	region_join(mm, addr, end);
	fill_grown(mm, addr, end);
	return 0;
}
