// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Making pages present, and taking them away.
//
// The platform is called once for each run of pages that are contiguous in address space and memory
// and have one protection, because a call may be a crossing. Anonymous pages are therefore
// allocated in blocks as large as alignment allows.
#include <asm-generic/errno-base.h>
#include <fs/vnode.h>
#include <mm/space.h>

// The platform is out of page tables, or of host mappings: those of programs go. Their pages stay,
// and are mapped again by faults.
static void forget_mappings(void)
{
	for (struct mm *mm = mm_list; mm; mm = mm->next) {
		const struct region *first = region_at(mm, 0), *last = first;

		if (!first || !mm_mapped(mm))
			continue;
		while (last->next)
			last = last->next;
		if (first->start < WINDOW_LOW) // the library OS's window is between
			plat->unmap(first->start, MIN(last->end, WINDOW_LOW) - first->start);
		if (last->end > WINDOW_HIGH) {
			uintptr_t start = MAX(first->start, WINDOW_HIGH);

			plat->unmap(start, last->end - start);
		}
	}
}

int run_flush(struct run *run)
{
	size_t len = run->len;
	int err = len ? plat->map(run->va, run->pa, len, run->prot) : 0;

	if (err == -ENOMEM) {
		forget_mappings();
		err = plat->map(run->va, run->pa, len, run->prot);
	}
	run->len = 0;
	if (err)
		plat->unmap(run->va, len); // no page that has been replaced may stay there
	return err;
}

int run_add(struct run *run, uintptr_t va, paddr_t pa, size_t len, unsigned prot)
{
	if (run->len && run->va + run->len == va && run->pa + run->len == pa && run->prot == prot) {
		run->len += len;
		return 0;
	}
	int r = run_flush(run);

	*run = (struct run){ va, pa, len, prot };
	return r;
}

unsigned pte_prot(const struct mm *mm, const struct region *r, uint32_t pte)
{
	if (!(pte & PTE_OWNED))
		return r->prot & ~PROT_W;
	return wx_switched(mm, r) ? r->prot & ~(pte & PTE_CODE ? PROT_W : PROT_X) : r->prot;
}

// The last frames are kept for the library OS itself, which must be able to go on when the program
// has used up the rest.
static bool memory_left(void)
{
	return frame_available() > MIN(frame_total() / 32, 256ul);
}

// The largest block that is aligned at va, fits before end, and can be had. Gives its order, or
// -ENOMEM.
static int block_alloc(uintptr_t va, uintptr_t end, paddr_t *pa)
{
	int order = 9;

	if (!memory_left())
		return -ENOMEM;
	while (order && ((va & ((PAGE_SIZE << order) - 1)) || va + (PAGE_SIZE << order) > end))
		order--;
	for (; order >= 0; order--) {
		*pa = frame_alloc((unsigned)order, true);
		if (*pa)
			return order;
	}
	return -ENOMEM;
}

static uintptr_t absent_until(struct mm *mm, uintptr_t va, uintptr_t end)
{
	while (va < end) {
		uint32_t *pte = pte_find(mm, va);

		if (pte && *pte)
			break;
		va += PAGE_SIZE;
	}
	return va;
}

static int fill_anonymous(struct mm *mm, struct region *r, uintptr_t va, uintptr_t end,
			  struct run *run)
{
	while (va < end) {
		paddr_t pa;
		int order = block_alloc(va, end, &pa);
		uint32_t pte;
		int err;

		if (order < 0)
			return order;
		// A block never crosses a chunk (both are at most 2 MiB, aligned), so one pte_set
		// finds out whether there is memory.
		pte = pte_make(mm, pa, true);
		err = pte_set(mm, va, pte);
		if (err) {
			frame_free(pa, (unsigned)order);
			return err;
		}
		for (size_t i = 1; i < 1ul << order; i++)
			pte_set(mm, va + i * PAGE_SIZE, pte + (uint32_t)i);
		err = run_add(run, va, pa, PAGE_SIZE << order, pte_prot(mm, r, pte));
		if (err)
			return err;
		va += PAGE_SIZE << order;
	}
	return 0;
}

// A frame with a copy of a page; the page's reference is given back.
static int page_copy(paddr_t from, paddr_t *to)
{
	*to = memory_left() ? frame_alloc(0, false) : 0;
	if (!*to)
		return -ENOMEM;
	memcpy(page_va(*to), page_va(from), PAGE_SIZE);
	frame_put(from);
	return 0;
}

// The first write to a page of the image put a page of RAM into the file: mappings of the old one
// forget it.
static void drop_stale_in(struct mm *mm, struct vnode *v, uint64_t off, paddr_t fresh)
{
	if (v->mappings < 2)
		return;
	for (const struct region *r = region_at(mm, 0); r; r = r->next) {
		uintptr_t va = r->start + (off - r->off);
		uint32_t *pte;

		if (r->vnode != v || off < r->off || off - r->off >= r->end - r->start)
			continue;
		pte = pte_find(mm, va);
		if (!pte || !*pte || (*pte & (PTE_OWNED | PTE_COPY)) ||
		    pte_pa(mm, *pte) == fresh)
			continue;
		if (mm_mapped(mm))
			plat->unmap(va, PAGE_SIZE);
		frame_put(pte_pa(mm, *pte));
		pte_clear(mm, va, pte);
	}
}

static void drop_stale(struct vnode *v, uint64_t off, paddr_t fresh)
{
	for (struct mm *mm = mm_list; mm; mm = mm->next)
		drop_stale_in(mm, v, off, fresh);
}

static int fill_file(struct mm *mm, struct region *r, uintptr_t va, bool write, struct run *run)
{
	bool shared = r->flags & REGION_SHARED;
	uint64_t off = r->off + (va - r->start);
	paddr_t pa, copy;
	uint32_t pte;
	int err = r->vnode->ops->get_page(r->vnode, off, write && shared, &pa);

	if (err)
		return err;
	if (write && !shared) {
		err = page_copy(pa, &copy);
		if (!err)
			pa = copy;
	}
	pte = pte_make(mm, pa, write);
	if (!err)
		err = pte_set(mm, va, pte);
	if (err) {
		frame_put(pa);
		return err;
	}
	if (write && shared && frame_count(pa) <= 2) // the file's and ours: nobody else has seen it
		drop_stale(r->vnode, off, pa);
	return run_add(run, va, pa, PAGE_SIZE, pte_prot(mm, r, pte));
}

// A page that may be written in place of one that is shared.
static int page_own(struct mm *mm, struct region *r, uintptr_t va, uint32_t *pte, struct run *run)
{
	uint32_t old = *pte;
	int err;

	if (!(r->flags & REGION_SHARED)) {
		paddr_t to = pte_pa(mm, old);

		// Whoever shared it since a fork is gone.
		err = (old & PTE_COPY) && frame_count(to) == 1 ? 0 : page_copy(pte_pa(mm, old), &to);
		if (err)
			return err;
		*pte = pte_make(mm, to, true);
		return run_add(run, va, to, PAGE_SIZE, pte_prot(mm, r, *pte));
	}
	pte_clear(mm, va, pte);
	err = fill_file(mm, r, va, true, run);
	if (err)
		pte_set(mm, va, old);
	else
		frame_put(pte_pa(mm, old));
	return err;
}

int region_fill(struct mm *mm, struct region *r, uintptr_t start, uintptr_t end, bool write)
{
	struct run run = { 0 };
	int err = 0;

	for (uintptr_t va = start; va < end && !err;) {
		uint32_t *pte = pte_find(mm, va);

		if (pte && *pte) {
			if (write && !(*pte & PTE_OWNED))
				err = page_own(mm, r, va, pte, &run);
			va += PAGE_SIZE;
		} else if (r->vnode) {
			err = fill_file(mm, r, va, write, &run);
			va += PAGE_SIZE;
		} else {
			uintptr_t until = absent_until(mm, va, end);

			err = fill_anonymous(mm, r, va, until, &run);
			va = until;
		}
	}
	if (err)
		run_flush(&run);
	else
		err = run_flush(&run);
	return err;
}

int region_remap(struct mm *mm, struct region *r, uintptr_t start, uintptr_t end)
{
	struct run run = { 0 };
	int err = 0;

	for (uintptr_t va = start; va < end && !err; va += PAGE_SIZE) {
		uint32_t *pte = pte_find(mm, va);

		if (pte && *pte)
			err = run_add(&run, va, pte_pa(mm, *pte), PAGE_SIZE,
				      pte_prot(mm, r, *pte));
	}
	return err ? err : run_flush(&run);
}

struct extent {
	uintptr_t low, high;
};

static void note_extent(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	struct extent *e = arg;

	e->low = MIN(e->low, va);
	e->high = MAX(e->high, va + PAGE_SIZE);
}

static void put_page(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	paddr_t pa = pte_pa(mm, *pte);

	pte_clear(mm, va, pte);
	frame_put(pa);
}

void range_drop(struct mm *mm, uintptr_t start, uintptr_t end)
{
	struct extent e = { UINTPTR_MAX, 0 };

	if (start < WINDOW_LOW && end > WINDOW_HIGH) { // the library OS is between
		range_drop(mm, start, WINDOW_LOW);
		start = WINDOW_HIGH;
	}
	pte_each(mm, start, end, note_extent, &e);
	if (e.high) {
		if (mm_mapped(mm))
			plat->unmap(e.low, e.high - e.low);
		pte_each(mm, start, end, put_page, NULL);
	}
	chunk_drop_empty(mm, start, end);
}
