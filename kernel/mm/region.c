// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Regions: a sorted array of them. Programs have tens, the largest runtimes a few thousand; a
// binary search finds one.
#include <asm-generic/errno-base.h>
#include <fs/vnode.h>
#include <mm/space.h>

size_t region_index(const struct mm *mm, uintptr_t addr)
{
	size_t low = 0, high = mm->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (mm->regions[mid]->end > addr)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

struct region *region_find(const struct mm *mm, uintptr_t addr)
{
	size_t i = region_index(mm, addr);

	return i < mm->count && mm->regions[i]->start <= addr ? mm->regions[i] : NULL;
}

const struct region *mm_region_at_or_above(struct mm *mm, uintptr_t addr)
{
	size_t i = region_index(mm, addr);

	return i < mm->count ? mm->regions[i] : NULL;
}

int region_reserve(struct mm *mm)
{
	if (mm->count + REGION_SPARES > mm->room) {
		size_t room = MAX(mm->room * 2, 16ul);
		struct region **more = krealloc(mm->regions, room * sizeof(*more));

		if (!more)
			return -ENOMEM;
		mm->regions = more;
		mm->room = room;
	}
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

static struct region *array_add(struct mm *mm, size_t at, const struct region *r)
{
	struct region *copy = spare_swap(mm, NULL);

	kassert(copy && mm->count < mm->room); // region_reserve comes first
	memmove(&mm->regions[at + 1], &mm->regions[at], (mm->count - at) * sizeof(mm->regions[0]));
	mm->count++;
	*copy = *r;
	if (r->vnode)
		vnode_get(r->vnode);
	return mm->regions[at] = copy;
}

void region_remove(struct mm *mm, size_t i)
{
	struct region *r = mm->regions[i];

	mm->count--;
	memmove(&mm->regions[i], &mm->regions[i + 1], (mm->count - i) * sizeof(mm->regions[0]));
	if (r->vnode)
		vnode_put(r->vnode);
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
	size_t i = region_index(mm, start ? start - 1 : 0);

	while (i + 1 < mm->count && mm->regions[i]->start <= end) {
		if (!joinable(mm->regions[i], mm->regions[i + 1])) {
			i++;
			continue;
		}
		mm->regions[i]->end = mm->regions[i + 1]->end;
		region_remove(mm, i + 1);
	}
}

struct region *region_insert(struct mm *mm, const struct region *r)
{
	uintptr_t start = r->start;

	array_add(mm, region_index(mm, r->start), r);
	region_join(mm, r->start, r->end);
	return region_find(mm, start);
}

void region_split(struct mm *mm, uintptr_t addr)
{
	size_t i = region_index(mm, addr);
	struct region tail, *r;

	if (i == mm->count || mm->regions[i]->start >= addr)
		return;
	r = mm->regions[i];
	tail = *r;
	tail.start = addr;
	if (r->vnode)
		tail.off += addr - r->start;
	r->end = addr;
	array_add(mm, i + 1, &tail);
}

static const struct region *first_in(const struct mm *mm, uintptr_t start, uintptr_t end)
{
	size_t i = region_index(mm, start);

	return i < mm->count && mm->regions[i]->start < end ? mm->regions[i] : NULL;
}

static const struct region *foreign_in(const struct mm *mm, uintptr_t start, uintptr_t end)
{
	const struct region *r = NULL;

	for (const struct mm *other = mm_list; other && !r; other = other->next)
		if (other != mm)
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

// Among mm's own regions.
static uintptr_t own_gap_below(const struct mm *mm, uintptr_t top, size_t len, size_t align)
{
	size_t i = region_index(mm, top);
	uintptr_t limit = top;

	// Region i, if any, ends above top: the space below it counts only up to its start.
	if (i < mm->count && mm->regions[i]->start < limit)
		limit = mm->regions[i]->start;
	for (;;) {
		uintptr_t floor = i ? mm->regions[i - 1]->end : USER_LOW;
		uintptr_t at = limit >= len ? ALIGN_DOWN(limit - len, align) : 0;

		if (at >= floor && range_valid(at, len))
			return at;
		if (at >= floor && at + len > WINDOW_LOW && at < WINDOW_HIGH &&
		    floor < WINDOW_LOW) {
			limit = WINDOW_LOW;
			continue;
		}
		if (!i)
			return 0;
		limit = mm->regions[--i]->start;
	}
}

uintptr_t gap_below(const struct mm *mm, uintptr_t top, size_t len, size_t align)
{
	const struct region *r;
	uintptr_t at;

	while ((at = own_gap_below(mm, top, len, align)) && (r = foreign_in(mm, at, at + len)))
		top = r->start;
	return at;
}
