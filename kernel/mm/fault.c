// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Page faults: what is asked for is filled, and with it what is likely to be asked for next,
// because on a virtual machine a fault costs far more than a page.
//
// How much: as much again as the 2 MiB around the fault already have, so a dense area is filled in
// a handful of faults and a sparse one wastes at most half of what it uses; a full neighbour makes
// the whole 2 MiB come at once, as one large page. Files in the image cost no memory to map, so 256
// KiB of them come at once.
#include <asm-generic/errno-base.h>
#include <asm-generic/siginfo.h>
#include <fs/vnode.h>
#include <mm/space.h>

#define FIRST_WINDOW 4
#define SMALL_RAM (8ul << 20 >> PAGE_SHIFT)
#define FILE_WINDOW 64

static uint32_t present_at(struct mm *mm, uintptr_t va)
{
	struct chunk *c = chunk_find(mm, va);

	return c ? c->present : 0;
}

// Little memory, or little of it left: only what is asked for.
static size_t first_window(void)
{
	return frame_total() < SMALL_RAM || frame_available() < frame_total() / 8 ? 1
										  : FIRST_WINDOW;
}

// Pages to fill around an address of an anonymous region: a power of two.
static size_t anonymous_window(struct mm *mm, const struct region *r, uintptr_t va)
{
	uintptr_t base = ALIGN_DOWN(va, CHUNK_SIZE);
	size_t pages = first_window(), present = present_at(mm, va);

	if (pages == 1)
		return 1;
	if (!present && base >= r->start && base + CHUNK_SIZE <= r->end &&
	    frame_available() > 8 * CHUNK_PAGES &&
	    (present_at(mm, base - 1) > CHUNK_PAGES / 2 ||
	     present_at(mm, base + CHUNK_SIZE) > CHUNK_PAGES / 2))
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
	return r->prot & (PROT_R | PROT_W | PROT_X); // x86 cannot refuse reads of what may be
						     // written or executed
}

// Is this page of a file in the image? Such files hardly ever change, so copies may be made before
// they are asked for.
static bool in_image(const struct region *r, uintptr_t va)
{
	paddr_t pa;

	if (r->vnode->ops->get_page(r->vnode, r->off + (va - r->start), false, &pa))
		return false;
	frame_put(pa);
	return !pa_is_ram(pa);
}

static size_t window_for(struct mm *mm, const struct region *r, uintptr_t va, bool write)
{
	if (!r->vnode)
		return anonymous_window(mm, r, va);
	if (!write)
		return FILE_WINDOW;
	return (r->flags & REGION_SHARED) || !in_image(r, va) ? 1 : first_window();
}

int mm_fault(struct mm *mm, uintptr_t addr, uint64_t error, uintptr_t rip, int *code)
{
	struct region *r = region_find(mm, addr);
	uintptr_t va = ALIGN_DOWN(addr, PAGE_SIZE), start, end;
	bool write = error & TRAP_PF_WRITE, forgotten, switched;
	uint32_t *pte;
	size_t window;
	int err;

	*code = r ? SEGV_ACCERR : SEGV_MAPERR;
	if (!r || !allowed(r, error))
		return -EFAULT;
	pte = pte_find(mm, va);
	switched = pte && *pte && wx_switched(mm, r);
	if (switched && !wx_switch(mm, va, error, rip, pte))
		return -EFAULT;
	forgotten = pte && *pte && (!write || (*pte & PTE_OWNED)); // all is as it should be, but
								   // the platform does not know
	window = switched    ? 1
		 : forgotten ? FILE_WINDOW
			     : window_for(mm, r, va, write);
	start = MAX(r->start, ALIGN_DOWN(va, window * PAGE_SIZE));
	end = MIN(r->end, ALIGN_DOWN(va, window * PAGE_SIZE) + window * PAGE_SIZE);
	err = forgotten ? region_remap(mm, r, start, end) : region_fill(mm, r, start, end, write);
	// The neighbours may be what failed: beyond the end of the file, or out of memory.
	if (err && window > 1)
		err = forgotten ? region_remap(mm, r, va, va + PAGE_SIZE)
				: region_fill(mm, r, va, va + PAGE_SIZE, write);
	return err;
}

paddr_t mm_lookup(struct mm *mm, uintptr_t addr, bool write)
{
	uintptr_t va = ALIGN_DOWN(addr, PAGE_SIZE);
	struct region *r = region_find(mm, addr);
	uint32_t *pte;

	if (!r || !allowed(r, write ? TRAP_PF_WRITE : 0) ||
	    region_fill(mm, r, va, va + PAGE_SIZE, write))
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
		int err = r && !(r->flags & REGION_SHARED)
				  ? region_fill(mm, r, va, va + PAGE_SIZE, true)
				  : -EFAULT;

		if (err)
			return err;
		memcpy((char *)page_va(pte_pa(mm, *pte_find(mm, va))) + (addr - va), bytes, part);
		bytes = (const char *)bytes + part;
		addr += part;
		n -= part;
	}
	return 0;
}
