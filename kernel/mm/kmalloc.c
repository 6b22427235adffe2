// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Small allocations: slabs of one page for each size class, whole frames above.
//
// A slab is a page of equal objects; the free ones are linked through their first two bytes by
// offset + 1. What is known of a slab is in its struct page, so an object needs no header and kfree
// finds everything from the address. Slabs with a free object are in the list of their class; full
// ones in none; empty ones go back to the frames unless they are the last of their class.
#include <mm/frame.h>

static const uint16_t class_size[] = { 16,  32,	 48,  64,  96,	 128,  192,
				       256, 336, 512, 672, 1024, 1360, 2048 };
#define CLASSES ARRAY_LEN(class_size)
static uint32_t partial[CLASSES];

static unsigned class_of(size_t n)
{
	unsigned c = 0;

	while (class_size[c] < n)
		c++;
	return c;
}

static struct page *slab_new(unsigned c)
{
	paddr_t pa = frame_alloc(0, false);
	struct page *pg;
	char *p;

	if (!pa)
		return NULL;
	pg = frame_page(pa);
	p = page_va(pa);
	*pg = (struct page){ .kind = PAGE_SLAB, .order = (uint8_t)c };
	for (unsigned off = 0; off + class_size[c] <= PAGE_SIZE; off += class_size[c]) {
		unsigned next = off + class_size[c];

		*(uint16_t *)(p + off) =
			next + class_size[c] <= PAGE_SIZE ? (uint16_t)(next + 1) : 0;
	}
	pg->refs = 1;
	page_list_push(&partial[c], pg);
	return pg;
}

static void *slab_alloc(unsigned c)
{
	struct page *pg = partial[c] ? frame_at(partial[c]) : slab_new(c);
	char *obj;

	if (!pg)
		return NULL;
	obj = (char *)page_va(frame_pa(pg)) + pg->refs - 1;
	pg->refs = *(uint16_t *)obj;
	pg->inuse++;
	if (!pg->refs)
		page_list_take(&partial[c], pg);
	return obj;
}

static void slab_free(struct page *pg, void *p)
{
	unsigned c = pg->order, off = (unsigned)((uintptr_t)p & (PAGE_SIZE - 1));

	kassert(off % class_size[c] == 0 && pg->inuse);
	if (!pg->refs)
		page_list_push(&partial[c], pg);
	*(uint16_t *)p = (uint16_t)pg->refs;
	pg->refs = off + 1;
	if (--pg->inuse || (!pg->next && !pg->prev && partial[c] == frame_number(pg)))
		return;
	page_list_take(&partial[c], pg);
	*pg = (struct page){ .refs = 1, .kind = PAGE_USED };
	frame_put(frame_pa(pg));
}

// A run of pages; what the power of two has too many goes back at once.
static void *large_alloc(size_t n)
{
	uint32_t pages = (uint32_t)((n + PAGE_SIZE - 1) >> PAGE_SHIFT);
	unsigned order = 0;
	paddr_t pa;

	while (1u << order < pages)
		order++;
	pa = frame_alloc(order, false);
	if (!pa)
		return NULL;
	for (uint32_t i = pages; i < 1u << order; i++)
		frame_put(pa + ((paddr_t)i << PAGE_SHIFT));
	frame_page(pa)->kind = PAGE_LARGE;
	frame_page(pa)->refs = pages;
	return page_va(pa);
}

static void large_free(struct page *pg)
{
	uint32_t pages = pg->refs;
	paddr_t pa = frame_pa(pg);

	pg->kind = PAGE_USED;
	pg->refs = 1;
	for (uint32_t i = 0; i < pages; i++)
		frame_put(pa + ((paddr_t)i << PAGE_SHIFT));
}

void *kmalloc(size_t n)
{
	if (n <= class_size[CLASSES - 1])
		return slab_alloc(class_of(n));
	return n > (PAGE_SIZE << 9) ? NULL : large_alloc(n);
}

void *kzalloc(size_t n)
{
	void *p = kmalloc(n);

	return p ? memset(p, 0, n) : NULL;
}

void kfree(void *p)
{
	struct page *pg;

	if (!p)
		return;
	pg = frame_page(page_pa(p));
	if (pg->kind == PAGE_SLAB) {
		slab_free(pg, p);
	} else {
		kassert(pg->kind == PAGE_LARGE);
		large_free(pg);
	}
}

size_t ksize(const void *p)
{
	const struct page *pg = frame_page(page_pa(p));

	return pg->kind == PAGE_SLAB ? class_size[pg->order] : (size_t)pg->refs << PAGE_SHIFT;
}

void *krealloc(void *p, size_t n)
{
	size_t old = p ? ksize(p) : 0;
	void *q;

	if (p && n <= old && n > old / 2)
		return p;
	q = kmalloc(n);
	if (q && p) {
		memcpy(q, p, MIN(old, n));
		kfree(p);
	}
	return q;
}
