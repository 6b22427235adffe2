// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Page frames: a buddy allocator over RAM with a reference count for each page.
//
// RAM begins with the array of struct page, behind what the loader has put there. Pages from `mark`
// on were never given out (PAGE_VIRGIN) and read as zeros. A block is taken from the free lists
// first, so that the mark, and with it the host's memory, grows only when it must. Freed memory
// goes back to the host in bulk (frame_trim) once there is enough of it: a crossing each is too
// much for single pages. How much is enough doubles each time, up to half of RAM, until nothing was
// given back for 10 s: a program that allocates and frees the same memory over and over soon keeps
// it.
//
// Where RAM was not zeros at the start (BOOT_RAM_DIRTY), pages from the mark on are as any that were
// used, and so is their part of the array. Where the host takes nothing back (BOOT_RAM_KEPT), nothing
// is given.
//
// Invariant: a page number in free[order] is the first page of a block of 2^order pages, aligned to
// its size, all below mark; the other pages of the block are PAGE_FREE_TAIL.
#include <core/percpu.h>
#include <mm/frame.h>
#include <sched/sched.h>

#define MAX_ORDER 9                // 2 MiB
#define TRIM_ORDER 4               // blocks of 64 KiB and more go back
#define TRIM_AT (4u << 20 >> PAGE_SHIFT)
#define CALM_NS (10 * 1000000000ull)

static struct {
	paddr_t base;      // pa of page number 0
	char *va;          // where it is mapped
	paddr_t image_pa;
	char *image_va;
	uint64_t image_len;
	struct page *pages;
	uint32_t count, mark, first; // page numbers
	uint32_t used;
	bool zeros;        // pages from `mark` on read as zeros
	bool kept;         // nothing goes back to the host
	uint32_t dirty;    // free pages that do not read as zeros: candidates for frame_trim
	uint32_t trim_at;  // how many of them are enough
	uint32_t left;     // how many the last trim could not give back: blocks too small
	uint64_t trimmed_ns;
	uint32_t free[MAX_ORDER + 1];
} ram;

struct page *frame_at(uint32_t number) { return &ram.pages[number]; }
uint32_t frame_number(const struct page *pg) { return (uint32_t)(pg - ram.pages); }
struct page *frame_page(paddr_t pa) { return &ram.pages[(pa - ram.base) >> PAGE_SHIFT]; }
paddr_t frame_pa(const struct page *pg)
{
	return ram.base + ((paddr_t)frame_number(pg) << PAGE_SHIFT);
}

bool pa_is_ram(paddr_t pa)
{
	return pa >= ram.base && pa - ram.base < (paddr_t)ram.count << PAGE_SHIFT;
}

void *page_va(paddr_t pa)
{
	if (pa_is_ram(pa))
		return ram.va + (pa - ram.base);
	kassert(pa >= ram.image_pa && pa - ram.image_pa < ram.image_len);
	return ram.image_va + (pa - ram.image_pa);
}

paddr_t page_pa(const void *va)
{
	const char *p = va;

	if (p >= ram.va && (uint64_t)(p - ram.va) < (uint64_t)ram.count << PAGE_SHIFT)
		return ram.base + (uint64_t)(p - ram.va);
	kassert(p >= ram.image_va && (uint64_t)(p - ram.image_va) < ram.image_len);
	return ram.image_pa + (uint64_t)(p - ram.image_va);
}

void page_list_push(uint32_t *head, struct page *pg)
{
	pg->next = *head;
	pg->prev = 0;
	if (*head)
		ram.pages[*head].prev = frame_number(pg);
	*head = frame_number(pg);
}

void page_list_take(uint32_t *head, struct page *pg)
{
	if (pg->prev)
		ram.pages[pg->prev].next = pg->next;
	else
		*head = pg->next;
	if (pg->next)
		ram.pages[pg->next].prev = pg->prev;
}

static void set_free(uint32_t n, unsigned order, bool zero)
{
	struct page *pg = frame_at(n);

	*pg = (struct page){ .kind = PAGE_FREE, .order = (uint8_t)order, .inuse = zero };
	page_list_push(&ram.free[order], pg);
	if (!zero)
		ram.dirty += 1u << order;
}

static void take_free(struct page *pg)
{
	page_list_take(&ram.free[pg->order], pg);
	if (!pg->inuse)
		ram.dirty -= 1u << pg->order;
}

// Puts a block in the lists, joined with its buddies as far as they are free.
static void block_free(uint32_t n, unsigned order, bool zero)
{
	for (uint32_t i = 1; i < 1u << order; i++)
		frame_at(n + i)->kind = PAGE_FREE_TAIL;
	while (order < MAX_ORDER) {
		uint32_t b = n ^ (1u << order);
		struct page *buddy = frame_at(b);

		if (b < ram.first || b + (1u << order) > ram.mark || buddy->kind != PAGE_FREE ||
		    buddy->order != order || !!buddy->inuse != zero)
			break;
		take_free(buddy);
		frame_at(MAX(n, b))->kind = PAGE_FREE_TAIL;
		n = MIN(n, b);
		order++;
	}
	set_free(n, order, zero);
}

// Is n the first page of a free block of this order that does not read as zeros?
static bool dirty_block(uint32_t n, unsigned order)
{
	const struct page *pg = frame_at(n);

	return n >= ram.first && n < ram.mark && pg->kind == PAGE_FREE && pg->order == order &&
	       !pg->inuse;
}

// Gives the block and those beside it back to the host, in one call. The host makes them read as
// zeros.
static void release_around(uint32_t n, unsigned order)
{
	uint32_t size = 1u << order, low = n, high = n + size;

	while (low >= size && dirty_block(low - size, order))
		low -= size;
	while (high < ram.mark && dirty_block(high, order))
		high += size;
	plat->release(frame_pa(frame_at(low)), (uint64_t)(high - low) << PAGE_SHIFT);
	for (n = low; n < high; n += size)
		frame_at(n)->inuse = 1;
	ram.dirty -= high - low;
}

static void frame_trim(void)
{
	uint64_t now = time_now();
	bool calm = now - ram.trimmed_ns >= CALM_NS;

	if (ram.kept || (!calm && ram.dirty < ram.trim_at))
		return;
	ram.trim_at = calm ? TRIM_AT : MIN(2 * ram.trim_at, MAX(ram.count / 2, TRIM_AT));
	ram.trimmed_ns = now;
	for (unsigned order = TRIM_ORDER; order <= MAX_ORDER; order++)
		for (uint32_t n = ram.free[order]; n; n = frame_at(n)->next)
			if (!frame_at(n)->inuse)
				release_around(n, order);
	ram.left = ram.dirty;
}

uint64_t frame_trim_time(void)
{
	bool enough = !ram.kept && ram.dirty >= ram.left + TRIM_AT;

	return enough ? ram.trimmed_ns + CALM_NS : UINT64_MAX;
}

void frame_trim_idle(void)
{
	if (time_now() >= frame_trim_time())
		frame_trim();
}

// A block from the untouched end of RAM; what alignment skips goes to the free lists. 0: there is
// not that much.
static uint32_t take_virgin(unsigned order)
{
	uint32_t n = ALIGN_UP(ram.mark, 1u << order), skipped = ram.mark;

	if (n + (1u << order) > ram.count || n + (1u << order) < n)
		return 0;
	ram.mark = n + (1u << order);
	if (!ram.zeros)
		memset(frame_at(skipped), 0, (ram.mark - skipped) * sizeof(struct page));
	while (skipped < n) {
		unsigned o = (unsigned)__builtin_ctz(skipped);

		while (o > MAX_ORDER || skipped + (1u << o) > n)
			o--;
		block_free(skipped, o, ram.zeros);
		skipped += 1u << o;
	}
	return n;
}

static uint32_t take_listed(unsigned order, bool *zero)
{
	unsigned o = order;
	struct page *pg;
	uint32_t n;

	while (o <= MAX_ORDER && !ram.free[o])
		o++;
	if (o > MAX_ORDER)
		return 0;
	n = ram.free[o];
	pg = frame_at(n);
	*zero = pg->inuse;
	take_free(pg);
	while (o > order) {
		o--;
		set_free(n + (1u << o), o, *zero);
	}
	return n;
}

paddr_t frame_alloc(unsigned order, bool zeroed)
{
	bool zero;
	uint32_t n;

	if (order > MAX_ORDER)
		return 0;
	n = take_listed(order, &zero);
	if (!n) {
		n = take_virgin(order);
		zero = ram.zeros;
	}
	if (!n)
		return 0;
	for (uint32_t i = 0; i < 1u << order; i++)
		*frame_at(n + i) = (struct page){ .refs = 1, .kind = PAGE_USED };
	ram.used += 1u << order;
	if (percpu()->area->ram_peak < (uint64_t)ram.used << PAGE_SHIFT)
		percpu()->area->ram_peak = (uint64_t)ram.used << PAGE_SHIFT;
	percpu()->area->ram_used = (uint64_t)ram.used << PAGE_SHIFT;
	if (zeroed && !zero)
		memset(ram.va + ((uint64_t)n << PAGE_SHIFT), 0, PAGE_SIZE << order);
	return frame_pa(frame_at(n));
}

void frame_get(paddr_t pa)
{
	if (pa_is_ram(pa))
		frame_page(pa)->refs++;
}

void frame_put(paddr_t pa)
{
	struct page *pg;

	if (!pa_is_ram(pa))
		return;
	pg = frame_page(pa);
	kassert(pg->kind == PAGE_USED && pg->refs);
	if (--pg->refs)
		return;
	ram.used--;
	percpu()->area->ram_used = (uint64_t)ram.used << PAGE_SHIFT;
	block_free(frame_number(pg), 0, false);
	if (ram.dirty >= TRIM_AT && (ram.dirty >= ram.trim_at || ram.dirty % 256 == 0)) // now and
											// then: is
											// it calm?
		frame_trim();
}

void frame_free(paddr_t pa, unsigned order)
{
	for (unsigned i = 0; i < 1u << order; i++)
		frame_put(pa + ((paddr_t)i << PAGE_SHIFT));
}

unsigned frame_count(paddr_t pa)
{
	return pa_is_ram(pa) ? frame_page(pa)->refs : 1;
}

uint64_t frame_total(void) { return ram.count; }
uint64_t frame_available(void) { return ram.count - ram.used; }

void frame_init(const struct boot_block *boot)
{
	uint64_t array = (boot->ram_len >> PAGE_SHIFT) * sizeof(struct page);
	uint64_t first = ALIGN_UP(boot->ram_free_off, 16ul);

	ram.base = boot->ram_pa;
	ram.va = (char *)boot->ram_va;
	ram.image_pa = boot->image_pa;
	ram.image_va = (char *)boot->image_va;
	ram.image_len = ALIGN_UP(boot->image_len, PAGE_SIZE);
	ram.count = (uint32_t)(boot->ram_len >> PAGE_SHIFT);
	ram.pages = (struct page *)(ram.va + first);
	ram.first = ram.mark = (uint32_t)(ALIGN_UP(first + array, PAGE_SIZE) >> PAGE_SHIFT);
	ram.used = ram.first;
	ram.trim_at = TRIM_AT;
	ram.zeros = !(boot->flags & BOOT_RAM_DIRTY);
	ram.kept = boot->flags & BOOT_RAM_KEPT;
	if (ram.first >= ram.count)
		kpanic("too little memory: %lu KiB of RAM, and %lu KiB are needed to begin with",
		       boot->ram_len >> 10, (uint64_t)ram.first << 2);
	if (!ram.zeros)
		memset(ram.pages, 0, ram.first * sizeof(struct page));
}
