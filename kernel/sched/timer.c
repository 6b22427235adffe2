// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One-shot timers in a pairing heap: setting is O(1), the next one is at the root, taking one out
// O(log n) amortised.
//
// A node's children are a list through `next`; `prev` is the sibling before it, or the parent for a
// first child. The root has neither.
#include <sched/sched.h>
#include <sched/timer.h>

static struct timer *root;

// Both are roots. The later one becomes the first child of the earlier.
static struct timer *meld(struct timer *a, struct timer *b)
{
	struct timer *later;

	if (!a || !b)
		return a ? a : b;
	if (b->deadline < a->deadline) {
		later = a;
		a = b;
	} else {
		later = b;
	}
	later->prev = a;
	later->next = a->child;
	if (a->child)
		a->child->prev = later;
	a->child = later;
	return a;
}

// Makes one heap of a list of siblings: in pairs from the left, then all pairs from the right.
static struct timer *meld_list(struct timer *first)
{
	struct timer *pairs = NULL, *heap = NULL;

	while (first) {
		struct timer *a = first, *b = a->next, *pair;

		first = b ? b->next : NULL;
		a->next = a->prev = NULL;
		if (b)
			b->next = b->prev = NULL;
		pair = meld(a, b);
		pair->next = pairs;
		pairs = pair;
	}
	while (pairs) {
		struct timer *next = pairs->next;

		pairs->next = NULL;
		heap = meld(heap, pairs);
		pairs = next;
	}
	return heap;
}

static void take_out(struct timer *t)
{
	struct timer *rest = meld_list(t->child);

	t->child = NULL;
	if (t == root) {
		root = rest;
	} else {
		if (t->prev->child == t)
			t->prev->child = t->next;
		else
			t->prev->next = t->next;
		if (t->next)
			t->next->prev = t->prev;
		root = meld(root, rest);
	}
	t->next = t->prev = NULL;
	t->armed = false;
}

void timer_set(struct timer *t, uint64_t deadline, void (*fn)(struct timer *))
{
	timer_cancel(t);
	*t = (struct timer){ .deadline = deadline, .fn = fn, .armed = true };
	root = meld(root, t);
}

void timer_cancel(struct timer *t)
{
	if (t->armed)
		take_out(t);
}

uint64_t timer_next(void)
{
	return root ? root->deadline : FOREVER;
}

bool timer_run(uint64_t now)
{
	bool any = false;

	while (root && root->deadline <= now) {
		struct timer *t = root;

		take_out(t);
		t->fn(t);
		any = true;
	}
	return any;
}
