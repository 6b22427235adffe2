// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Page faults: what is asked for is filled, and with it what is likely to be asked for next, because on a virtual machine a fault
// costs far more than a page.
//
// How much: as much again as the 2 MiB around the fault already have, so a dense area is filled in a handful of faults and a sparse
// one wastes at most half of what it uses; a full neighbour makes the whole 2 MiB come at once, as one large page. Files in the
// image cost no memory to map, so 256 KiB of them come at once.
#include <asm-generic/errno-base.h>
#include <asm-generic/siginfo.h>
#include <fs/vnode.h>
#include <core/percpu.h>
#include <mm/space.h>

#define CHUNK_SIZE (CHUNK_PAGES * PAGE_SIZE)
#define FIRST_WINDOW 4
#define FILE_WINDOW 64

static uint32_t present_at(struct mm *mm, uintptr_t va)
{
	struct chunk *c = chunk_find(mm, va);

	return c ? c->present : 0;
}

// Pages to fill around an address of an anonymous region: a power of two.
static size_t anonymous_window(struct mm *mm, const struct region *r, uintptr_t va)
{
	uintptr_t base = ALIGN_DOWN(va, CHUNK_SIZE);
	size_t pages = FIRST_WINDOW, present = present_at(mm, va);

	if (frame_available() < frame_total() / 8)
		return 1;
	if (!present && base >= r->start && base + CHUNK_SIZE <= r->end && frame_available() > 8 * CHUNK_PAGES &&
	    (present_at(mm, base - 1) > CHUNK_PAGES / 2 || present_at(mm, base + CHUNK_SIZE) > CHUNK_PAGES / 2))
		return CHUNK_PAGES;
	while (pages < present && pages < CHUNK_PAGES)
		pages *= 2;
	return pages;
}

static bool allowed(const struct region *r, uint64_t error)
{
	if (error & TRAP_PF_WRITE)
		return r->prot & PROT_W;
	if (error & TRAP_PF_EXEC)
		return r->prot & PROT_X;
	return r->prot & (PROT_R | PROT_W | PROT_X); // x86 cannot refuse reads of what may be written or executed
}

// The page was filled already: written to a page of its file, or mapped and forgotten by the platform.
static int refill(struct mm *mm, struct region *r, uintptr_t va, uint32_t *pte, bool write)
{
	if (write && !(*pte & PTE_OWNED))
		return page_own(mm, r, va, pte);
	return plat->map(va, pte_pa(mm, *pte), PAGE_SIZE, pte_prot(r, *pte));
}

int mm_fault(struct mm *mm, uintptr_t addr, uint64_t error, int *code)
{
	struct region *r = region_find(mm, addr);
	uintptr_t va = ALIGN_DOWN(addr, PAGE_SIZE), start, end;
	bool write = error & TRAP_PF_WRITE;
	uint32_t *pte;
	size_t window;
	int err;

	percpu()->area->faults++;
	*code = r ? SEGV_ACCERR : SEGV_MAPERR;
	if (!r || !allowed(r, error))
		return -EFAULT;
	pte = pte_find(mm, va);
	if (pte && *pte)
		return refill(mm, r, va, pte, write);
	window = r->vnode ? (write ? FIRST_WINDOW : FILE_WINDOW) : anonymous_window(mm, r, va);
	start = MAX(r->start, ALIGN_DOWN(va, window * PAGE_SIZE));
	end = MIN(r->end, ALIGN_DOWN(va, window * PAGE_SIZE) + window * PAGE_SIZE);
	// Copies are made only for the page that is written to: its neighbours come shared.
	if (write && r->vnode && !region_fill(mm, r, va, va + PAGE_SIZE, true))
		return 0;
	err = region_fill(mm, r, start, end, write && !r->vnode);
	pte = pte_find(mm, va);
	if (pte && *pte)
		return 0;
	// The neighbours may be what failed: beyond the end of the file, or out of memory.
	return err ? region_fill(mm, r, va, va + PAGE_SIZE, write) : 0;
}

paddr_t mm_lookup(struct mm *mm, uintptr_t addr, bool write)
{
	uintptr_t va = ALIGN_DOWN(addr, PAGE_SIZE);
	struct region *r = region_find(mm, addr);
	uint32_t *pte;

	if (!r || !allowed(r, write ? TRAP_PF_WRITE : 0) || region_fill(mm, r, va, va + PAGE_SIZE, write))
		return 0;
	pte = pte_find(mm, va);
	return pte_pa(mm, *pte);
}

int mm_poke(struct mm *mm, uintptr_t addr, const void *bytes, size_t n)
{
	while (n) {
		uintptr_t va = ALIGN_DOWN(addr, PAGE_SIZE);
		size_t part = MIN(n, va + PAGE_SIZE - addr);
		struct region *r = region_find(mm, addr);
		int err = r && !(r->flags & REGION_SHARED) ? region_fill(mm, r, va, va + PAGE_SIZE, true) : -EFAULT;

		if (err)
			return err;
		memcpy((char *)page_va(pte_pa(mm, *pte_find(mm, va))) + (addr - va), bytes, part);
		bytes = (const char *)bytes + part;
		addr += part;
		n -= part;
	}
	return 0;
}
