// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Regions in order of address: a list, and over it a search tree that knows where there is room.
//
// The tree is a treap: sorted by address from left to right, and by `rank`, a random number, from
// the top down, which keeps it as deep as a random tree, about 3 log2(n). `room` of a region is the
// largest gap in its subtree, where the gap of a region is the free space between it and its
// neighbour below; so the highest gap that is large enough is found without looking at the others.
// A region's start never changes while it is in the tree, and its end only in region_set_end().
#include <mm/space.h>

static uintptr_t gap_of(const struct region *r)
{
	return r->start - (r->prev ? r->prev->end : 0);
}

static uintptr_t room_of(const struct region *r)
{
	return r ? r->room : 0;
}

static void pull(struct region *r)
{
	r->room = MAX(gap_of(r), MAX(room_of(r->left), room_of(r->right)));
}

// From r upwards, as far as it makes a difference.
static void pull_up(struct region *r)
{
	for (uintptr_t was; r; r = r->up) {
		was = r->room;
		pull(r);
		if (r->room == was)
			return;
	}
}

static struct region **link_of(struct mm *mm, const struct region *r)
{
	if (!r->up)
		return &mm->tree;
	return r->up->left == r ? &r->up->left : &r->up->right;
}

// r takes the place of its parent, which becomes its child.
static void rotate_up(struct mm *mm, struct region *r)
{
	struct region *p = r->up, *inner = p->left == r ? r->right : r->left;

	*link_of(mm, p) = r;
	if (p->left == r) {
		p->left = inner;
		r->right = p;
	} else {
		p->right = inner;
		r->left = p;
	}
	if (inner)
		inner->up = p;
	r->up = p->up;
	p->up = r;
	pull(p);
	pull(r);
}

// xorshift32 (Marsaglia): any order will do that no program's pattern of mappings follows.
static uint32_t next_rank(struct mm *mm)
{
	mm->rank ^= mm->rank << 13;
	mm->rank ^= mm->rank >> 17;
	return mm->rank ^= mm->rank << 5;
}

void tree_add(struct mm *mm, struct region *r)
{
	struct region **link = &mm->tree;

	r->up = r->left = r->right = r->prev = r->next = NULL;
	r->rank = next_rank(mm);
	r->room = UINTPTR_MAX; // none: it will change
	while (*link) {
		r->up = *link;
		if (r->start < r->up->start) {
			r->next = r->up;
			link = &r->up->left;
		} else {
			r->prev = r->up;
			link = &r->up->right;
		}
	}
	*link = r;
	if (r->prev)
		r->prev->next = r;
	if (r->next)
		r->next->prev = r;
	mm->count++;
	pull_up(r);
	pull_up(r->next);
	while (r->up && r->up->rank < r->rank)
		rotate_up(mm, r);
}

void tree_remove(struct mm *mm, struct region *r)
{
	struct region *up;

	while (r->left || r->right)
		rotate_up(mm, !r->left || (r->right && r->right->rank > r->left->rank) ? r->right
										       : r->left);
	up = r->up;
	*link_of(mm, r) = NULL;
	if (r->prev)
		r->prev->next = r->next;
	if (r->next)
		r->next->prev = r->prev;
	mm->count--;
	pull_up(up);
	pull_up(r->next);
}

void region_set_end(struct region *r, uintptr_t end)
{
	r->end = end;
	pull_up(r->next);
}

struct region *region_at(const struct mm *mm, uintptr_t addr)
{
	struct region *best = NULL;

	for (struct region *r = mm->tree; r;) {
		if (r->end > addr) {
			best = r;
			r = r->left;
		} else {
			r = r->right;
		}
	}
	return best;
}

static struct region *region_last(const struct mm *mm)
{
	struct region *r = mm->tree;

	while (r && r->right)
		r = r->right;
	return r;
}

// The highest region of this subtree with that much free below it; there is one.
static struct region *roomy_in(struct region *r, uintptr_t len)
{
	for (;;) {
		if (room_of(r->right) >= len)
			r = r->right;
		else if (gap_of(r) >= len)
			return r;
		else
			r = r->left;
	}
}

// The highest region below r with that much free below it, or NULL.
static struct region *roomy_below(struct region *r, uintptr_t len)
{
	if (room_of(r->left) >= len)
		return roomy_in(r->left, len);
	for (; r->up; r = r->up) {
		if (r->up->right != r)
			continue;
		if (gap_of(r->up) >= len)
			return r->up;
		if (room_of(r->up->left) >= len)
			return roomy_in(r->up->left, len);
	}
	return NULL;
}

// A place at the top of [floor, limit), or 0.
static uintptr_t fit(uintptr_t floor, uintptr_t limit, size_t len, size_t align)
{
	uintptr_t at = limit > len ? ALIGN_DOWN(limit - len, align) : 0;

	return at >= floor ? at : 0;
}

// The highest place in [low, high), or 0. Inner gaps are only looked at where they have room for
// the alignment whatever their borders are.
static uintptr_t highest_in(const struct mm *mm, uintptr_t low, uintptr_t high, size_t len,
			    size_t align)
{
	struct region *above = region_at(mm, high);
	struct region *r = above ? above->prev : region_last(mm);
	uintptr_t limit = above ? MIN(above->start, high) : high, slack = len + align - PAGE_SIZE;
	uintptr_t at = fit(MAX(low, r ? r->end : 0), limit, len, align);

	if (at || !r || slack < len)
		return at;
	if (gap_of(r) < slack)
		r = roomy_below(r, slack);
	return r ? fit(MAX(low, r->prev ? r->prev->end : 0), r->start, len, align) : 0;
}

static uintptr_t gap_of_one(const struct mm *mm, uintptr_t top, size_t len, size_t align)
{
	uintptr_t at = 0;

	if (top > WINDOW_HIGH)
		at = highest_in(mm, WINDOW_HIGH, MIN(top, USER_HIGH), len, align);
	return at ? at : highest_in(mm, USER_LOW, MIN(top, WINDOW_LOW), len, align);
}

// Lower and lower, until nobody has anything there.
uintptr_t gap_below(uintptr_t top, size_t len, size_t align)
{
	for (uintptr_t was = 0; top != was;) {
		was = top;
		for (const struct mm *mm = mm_list; mm; mm = mm->next) {
			uintptr_t at = gap_of_one(mm, top, len, align);

			if (!at)
				return 0;
			top = at + len;
		}
		if (!mm_list->next)
			break;
	}
	return top - len;
}
