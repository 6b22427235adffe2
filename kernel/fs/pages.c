// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See pages.h.
#include <fs/pages.h>
#include <mm/mm.h>

#define BITS 6
#define FANOUT (1u << BITS)

static uint64_t span(unsigned height)
{
	return 1ull << (BITS * height);
}

static uint64_t *node_of(uint64_t slot)
{
	return (uint64_t *)(uintptr_t)slot;
}

static bool tree_grow(struct page_tree *t, uint64_t index)
{
	while (index >= span(t->height)) {
		if (t->top) {
			uint64_t *node = kzalloc(FANOUT * sizeof(*node));

			if (!node)
				return false;
			node[0] = t->top;
			t->top = (uintptr_t)node;
		}
		t->height++;
	}
	return true;
}

uint64_t *pages_slot(struct page_tree *t, uint64_t index, bool alloc)
{
	uint64_t *slot = &t->top;

	if (index >= span(t->height) && (!alloc || !tree_grow(t, index)))
		return NULL;
	for (unsigned h = t->height; h; h--) {
		if (!*slot && alloc)
			*slot = (uintptr_t)kzalloc(FANOUT * sizeof(*slot));
		if (!*slot)
			return NULL;
		slot = &node_of(*slot)[(index >> (BITS * (h - 1))) & (FANOUT - 1)];
	}
	return slot;
}

// Frees pages [from, to) of what hangs under a slot; numbers count from its first page. At most 5
// deep (PAGES_MAX).
static void free_under(uint64_t *slot, unsigned height, uint64_t from, uint64_t to)
{
	uint64_t child = height ? span(height - 1) : 0;

	if (!*slot)
		return;
	if (!height) {
		frame_put(*slot);
		*slot = 0;
		return;
	}
	for (uint64_t i = from / child; i < FANOUT && i * child < to; i++) {
		uint64_t base = i * child;

		free_under(&node_of(*slot)[i], height - 1, from > base ? from - base : 0,
			   MIN(to - base, child));
	}
	if (!from && to >= span(height)) {
		kfree(node_of(*slot));
		*slot = 0;
	}
}

void pages_free(struct page_tree *t, uint64_t from, uint64_t to)
{
	to = MIN(to, span(t->height));
	if (from < to)
		free_under(&t->top, t->height, from, to);
	if (!t->top)
		t->height = 0;
}
