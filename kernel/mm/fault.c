// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Page faults: what is asked for is filled, and with it what is likely to be asked for next,
// because on a virtual machine a fault costs far more than a page.
//
// How much: a few pages to begin with, and twice as much wherever the block beside it, of the same
// size, is full: so an area that is filled in order takes a handful of faults, up to 2 MiB at a
// time as one large page, and one that is touched here and there gets little that it does not use.
// The same holds for the copies of a file's pages in private mappings, if the file is in the image,
// which hardly ever changes. Reading such a file costs no memory: 1 MiB of it is mapped at once.
#include <asm-generic/errno-base.h>
#include <asm-generic/siginfo.h>
#include <fs/vnode.h>
#include <linux/process.h>
#include <mm/space.h>

#define RLIMIT_STACK_ 3 // RLIMIT_STACK of asm-generic/resource.h
#define GROW_GAP (256 * PAGE_SIZE) // kept free below a stack that grows: Linux's stack_guard_gap
#define FIRST_WINDOW 4
#define FIRST_WINDOW_LARGE 16
#define SMALL_RAM (8ul << 20 >> PAGE_SHIFT)
#define LARGE_RAM (128ul << 20 >> PAGE_SHIFT)
#define FILE_WINDOW 64
#define IMAGE_WINDOW 256

// Little memory, or little of it left: only what is asked for.
static size_t first_window(void)
{
	if (frame_total() < SMALL_RAM || frame_available() < frame_total() / 8)
		return 1;
	return frame_total() < LARGE_RAM ? FIRST_WINDOW : FIRST_WINDOW_LARGE;
}

// Are all pages of an aligned block there, with these bits? A block is never more than a chunk.
static bool block_full(struct mm *mm, const struct region *r, uintptr_t start, size_t pages,
		       uint32_t bits)
{
	const struct chunk *c;
	const uint32_t *pte;

	if (start < r->start || start + pages * PAGE_SIZE > r->end)
		return false;
	c = chunk_find(mm, start);
	if (!c || c->present < pages)
		return false;
	pte = &c->pte[(start - c->base) >> PAGE_SHIFT];
	for (size_t i = 0; i < pages; i++)
		if ((pte[i] & bits) != bits)
			return false;
	return true;
}

// Pages to fill around an address, a power of two: `pages` to begin with, at most `most`.
static size_t grown_window(struct mm *mm, const struct region *r, uintptr_t va, size_t pages,
			   size_t most, uint32_t bits)
{

	most = MIN(most, frame_available() / 8);
	while (pages > 1 && 2 * pages <= most) {
		uintptr_t size = pages * PAGE_SIZE, block = ALIGN_DOWN(va, size);

		if (!block_full(mm, r, block - size, pages, bits) &&
		    !block_full(mm, r, block + size, pages, bits))
			break;
		pages *= 2;
	}
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

// Of memory that another process has as well since a fork, few pages are written to, mostly.
static size_t copy_window(struct mm *mm, const struct region *r, uintptr_t va)
{
	return grown_window(mm, r, va, MIN(first_window(), FIRST_WINDOW), FILE_WINDOW, PTE_OWNED);
}

// A stack that grows: the region above is one, and there is room left to what is below, unless that
// cannot be touched anyway (Linux mm/mmap.c: expand_downwards). NULL: no.
static struct region *grow_down(struct mm *mm, uintptr_t addr)
{
	struct region *above = region_at(mm, addr), more;
	const struct region *below = above ? above->prev : NULL;
	uintptr_t start = ALIGN_DOWN(addr, PAGE_SIZE);

	if (!above || !(above->flags & REGION_GROWS) ||
	    above->end - start > current_process()->limits[RLIMIT_STACK_].cur ||
	    (below && below->prot && !(below->flags & REGION_GROWS) &&
	     start - below->end < GROW_GAP) ||
	    !range_valid(start, above->start - start) || !range_free(mm, start, above->start) ||
	    region_reserve(mm))
		return NULL;
	more = *above;
	more.start = start;
	more.end = above->start;
	return region_insert(mm, &more);
}

static size_t window_for(struct mm *mm, const struct region *r, uintptr_t va, bool write,
			 bool shared)
{
	bool image;

	if (!r->vnode)
		return shared ? copy_window(mm, r, va)
			      : grown_window(mm, r, va, first_window(), CHUNK_PAGES,
					     PTE_PRESENT | PTE_OWNED);
	image = in_image(r, va);
	if (!write)
		return image ? IMAGE_WINDOW : FILE_WINDOW;
	if ((r->flags & REGION_SHARED) || !image)
		return 1;
	return grown_window(mm, r, va, first_window(), FILE_WINDOW, PTE_OWNED);
}

void fill_segment(struct mm *mm, struct region *r, uintptr_t start, uintptr_t end)
{
	bool write = r->prot & PROT_W;
	size_t pages = window_for(mm, r, start, write, false);

	if (pages > 1)
		region_fill(mm, r, start, MIN(end, start + pages * PAGE_SIZE), write);
}

int mm_fault(struct mm *mm, uintptr_t addr, uint64_t error, uintptr_t rip, int *code)
{
	struct region *r = region_find(mm, addr) ?: grow_down(mm, addr);
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
			     : window_for(mm, r, va, write, pte && *pte);
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
