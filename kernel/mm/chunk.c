// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The software page table: chunks of 512 entries in a hash by address.
#include <asm-generic/errno-base.h>
#include <mm/space.h>

#define FIRST_BUCKETS 16

static size_t bucket_of(const struct mm *mm, uintptr_t base)
{
	return (base >> 21) * 0x9e3779b97f4a7c15ull >> 32 & (mm->bucket_count - 1);
}

struct chunk *chunk_find(struct mm *mm, uintptr_t va)
{
	uintptr_t base = ALIGN_DOWN(va, CHUNK_SIZE);
	struct chunk *c = mm->last;

	if (c && c->base == base)
		return c;
	if (!mm->bucket_count)
		return NULL;
	for (c = mm->buckets[bucket_of(mm, base)]; c && c->base != base; c = c->next)
		;
	if (c)
		mm->last = c;
	return c;
}

static int buckets_grow(struct mm *mm)
{
	size_t count = mm->bucket_count ? mm->bucket_count * 4 : FIRST_BUCKETS;
	struct chunk **old = mm->buckets, **fresh = kzalloc(count * sizeof(*fresh));
	size_t old_count = mm->bucket_count;

	if (!fresh)
		return old ? 0 : -ENOMEM;
	mm->buckets = fresh;
	mm->bucket_count = count;
	for (size_t i = 0; i < old_count; i++) {
		for (struct chunk *c = old[i], *next; c; c = next) {
			size_t b = bucket_of(mm, c->base);

			next = c->next;
			c->next = fresh[b];
			fresh[b] = c;
		}
	}
	kfree(old);
	return 0;
}

struct chunk *chunk_make(struct mm *mm, uintptr_t va)
{
	struct chunk *c = chunk_find(mm, va);
	size_t b;

	if (c)
		return c;
	if (mm->chunk_count >= 2 * mm->bucket_count && buckets_grow(mm))
		return NULL;
	c = kzalloc(sizeof(*c));
	if (!c)
		return NULL;
	c->pte = kzalloc(CHUNK_PAGES * sizeof(*c->pte));
	if (!c->pte) {
		kfree(c);
		return NULL;
	}
	c->base = ALIGN_DOWN(va, CHUNK_SIZE);
	b = bucket_of(mm, c->base);
	c->next = mm->buckets[b];
	mm->buckets[b] = c;
	mm->chunk_count++;
	return mm->last = c;
}

static void chunk_free(struct mm *mm, struct chunk *c)
{
	struct chunk **link = &mm->buckets[bucket_of(mm, c->base)];

	while (*link != c)
		link = &(*link)->next;
	*link = c->next;
	mm->chunk_count--;
	if (mm->last == c)
		mm->last = NULL;
	kfree(c->pte);
	kfree(c);
}

uint32_t *pte_find(struct mm *mm, uintptr_t va)
{
	struct chunk *c = chunk_find(mm, va);

	return c ? &c->pte[(va - c->base) >> PAGE_SHIFT] : NULL;
}

int pte_set(struct mm *mm, uintptr_t va, uint32_t pte)
{
	struct chunk *c = chunk_make(mm, va);
	uint32_t *slot;

	if (!c)
		return -ENOMEM;
	slot = &c->pte[(va - c->base) >> PAGE_SHIFT];
	c->present += !*slot;
	*slot = pte;
	return 0;
}

void pte_clear(struct mm *mm, uintptr_t va, uint32_t *pte)
{
	if (!*pte)
		return;
	*pte = 0;
	chunk_find(mm, va)->present--;
}

static void chunk_each(struct mm *mm, struct chunk *c, uintptr_t start, uintptr_t end,
		       void (*fn)(struct mm *, uintptr_t, uint32_t *, void *), void *arg)
{
	uintptr_t from = MAX(start, c->base), to = MIN(end, c->base + CHUNK_SIZE);

	for (uintptr_t va = from; va < to && c->present; va += PAGE_SIZE) {
		uint32_t *pte = &c->pte[(va - c->base) >> PAGE_SHIFT];

		if (*pte)
			fn(mm, va, pte, arg);
	}
}

// Either walks the range chunk by chunk or, where the range is larger than all that exists, the
// hash.
void chunk_walk(struct mm *mm, uintptr_t start, uintptr_t end,
		void (*visit)(struct mm *, struct chunk *, void *), void *arg)
{
	if ((end - start) / CHUNK_SIZE <= mm->bucket_count + mm->chunk_count) {
		for (uintptr_t va = ALIGN_DOWN(start, CHUNK_SIZE); va < end; va += CHUNK_SIZE) {
			struct chunk *c = chunk_find(mm, va);

			if (c)
				visit(mm, c, arg);
		}
		return;
	}
	for (size_t b = 0; b < mm->bucket_count; b++) {
		for (struct chunk *c = mm->buckets[b], *next; c; c = next) {
			next = c->next;
			if (c->base < end && c->base + CHUNK_SIZE > start)
				visit(mm, c, arg);
		}
	}
}

struct each {
	uintptr_t start, end;
	void (*fn)(struct mm *, uintptr_t, uint32_t *, void *);
	void *arg;
};

static void visit_ptes(struct mm *mm, struct chunk *c, void *arg)
{
	struct each *e = arg;

	chunk_each(mm, c, e->start, e->end, e->fn, e->arg);
}

void pte_each(struct mm *mm, uintptr_t start, uintptr_t end,
	      void (*fn)(struct mm *, uintptr_t, uint32_t *, void *), void *arg)
{
	struct each e = { start, end, fn, arg };

	chunk_walk(mm, start, end, visit_ptes, &e);
}

static void visit_empty(struct mm *mm, struct chunk *c, void *arg)
{
	if (!c->present)
		chunk_free(mm, c);
}

void chunk_drop_empty(struct mm *mm, uintptr_t start, uintptr_t end)
{
	chunk_walk(mm, start, end, visit_empty, NULL);
}

paddr_t pte_pa(const struct mm *mm, uint32_t pte)
{
	return (pte & PTE_IMAGE ? mm->image_pa : mm->ram_pa) +
	       ((paddr_t)(pte & PTE_NUMBER) << PAGE_SHIFT);
}

uint32_t pte_make(const struct mm *mm, paddr_t pa, bool owned)
{
	bool ram = pa_is_ram(pa);
	uint32_t number = (uint32_t)((pa - (ram ? mm->ram_pa : mm->image_pa)) >> PAGE_SHIFT);

	return PTE_PRESENT | (ram ? 0 : PTE_IMAGE) | (owned ? PTE_OWNED : 0) | number;
}
