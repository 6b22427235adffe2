// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Regions: split, joined, put in and taken out. How they are found is in region_tree.c.
#include <asm-generic/errno-base.h>
#include <fs/vnode.h>
#include <mm/space.h>

struct region *region_find(const struct mm *mm, uintptr_t addr)
{
	struct region *r = region_at(mm, addr);

	return r && r->start <= addr ? r : NULL;
}

const struct region *mm_region_at_or_above(struct mm *mm, uintptr_t addr)
{
	return region_at(mm, addr);
}

const void *mm_shared_object(struct mm *mm, uintptr_t addr, uint64_t *off)
{
	const struct region *r = region_find(mm, addr);

	if (!r || !(r->flags & REGION_SHARED) || !r->vnode)
		return NULL;
	*off = r->off + (addr - r->start);
	return r->vnode;
}

int region_reserve(struct mm *mm)
{
	for (size_t i = 0; i < REGION_SPARES; i++) {
		if (!mm->spare[i])
			mm->spare[i] = kmalloc(sizeof(*mm->spare[i]));
		if (!mm->spare[i])
			return -ENOMEM;
	}
	return 0;
}

// A spare out, or (with r) one that is no longer needed in.
static struct region *spare_swap(struct mm *mm, struct region *r)
{
	for (size_t i = 0; i < REGION_SPARES; i++) {
		struct region *was = mm->spare[i];

		if (!was != !r) {
			mm->spare[i] = r;
			return was;
		}
	}
	return r;
}

static struct region *add(struct mm *mm, const struct region *r)
{
	struct region *copy = spare_swap(mm, NULL);

	kassert(copy); // region_reserve comes first
	*copy = *r;
	if (r->vnode)
		vnode_get(r->vnode)->mappings++;
	tree_add(mm, copy);
	return copy;
}

void region_remove(struct mm *mm, struct region *r)
{
	tree_remove(mm, r);
	if (r->vnode) {
		r->vnode->mappings--;
		vnode_put(r->vnode);
	}
	kfree(spare_swap(mm, r));
}

static bool joinable(const struct region *a, const struct region *b)
{
	return a->end == b->start && a->prot == b->prot && a->flags == b->flags &&
	       a->vnode == b->vnode && a->name == b->name &&
	       (!a->vnode || a->off + (a->end - a->start) == b->off);
}

void region_join(struct mm *mm, uintptr_t start, uintptr_t end)
{
	struct region *r = region_at(mm, start ? start - 1 : 0);

	while (r && r->next && r->start <= end) {
		struct region *next = r->next;
		uintptr_t joined = next->end;

		if (!joinable(r, next)) {
			r = next;
			continue;
		}
		region_remove(mm, next);
		region_set_end(r, joined);
	}
}

struct region *region_insert(struct mm *mm, const struct region *r)
{
	uintptr_t start = r->start;

	add(mm, r);
	region_join(mm, r->start, r->end);
	return region_find(mm, start);
}

void region_split(struct mm *mm, uintptr_t addr)
{
	struct region *r = region_at(mm, addr), tail;

	if (!r || r->start >= addr)
		return;
	tail = *r;
	tail.start = addr;
	if (r->vnode)
		tail.off += addr - r->start;
	region_set_end(r, addr);
	add(mm, &tail);
}

int region_mark(struct mm *mm, uintptr_t start, uintptr_t end, unsigned flags, bool set)
{
	uintptr_t at = start;

	if (region_reserve(mm))
		return -ENOMEM;
	region_split(mm, start);
	region_split(mm, end);
	for (struct region *r = region_at(mm, start); r && r->start < end; r = r->next) {
		if (r->flags & REGION_KERNEL)
			continue;
		if (r->start == at)
			at = r->end;
		r->flags = (uint16_t)(set ? r->flags | flags : r->flags & ~flags);
	}
	region_join(mm, start, end);
	return at < end ? -ENOMEM : 0;
}

static const struct region *first_in(const struct mm *mm, uintptr_t start, uintptr_t end)
{
	const struct region *r = region_at(mm, start);

	return r && r->start < end ? r : NULL;
}

static const struct region *foreign_in(const struct mm *mm, uintptr_t start, uintptr_t end)
{
	const struct region *r = NULL;

	for (const struct mm *other = mm_list; other && !r; other = other->next)
		if (other != mm && !(mm->family && other->family == mm->family))
			r = first_in(other, start, end);
	return r;
}

bool range_foreign(const struct mm *mm, uintptr_t start, uintptr_t end)
{
	return foreign_in(mm, start, end);
}

bool range_free(const struct mm *mm, uintptr_t start, uintptr_t end)
{
	return !first_in(mm, start, end) && !foreign_in(mm, start, end);
}

bool range_end(uintptr_t start, size_t len, uintptr_t *end)
{
	*end = start + ALIGN_UP(len, PAGE_SIZE);
	return ALIGN_UP(len, PAGE_SIZE) >= len && *end >= start;
}

bool range_valid(uintptr_t start, size_t len)
{
	uintptr_t end = start + len;

	if (end < start || start < USER_LOW || end > USER_HIGH)
		return false;
	return end <= WINDOW_LOW || start >= WINDOW_HIGH;
}
