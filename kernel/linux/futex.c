// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The table of threads that wait on words of the program's memory. Looking at a word and queueing
// are one step, because nothing else runs in between.
#include <asm-generic/errno.h>

#include <linux/futex_table.h>
#include <linux/futex_wake.h>

#define BUCKETS 64

static struct list table[BUCKETS];

static struct list *bucket(struct futex_key key)
{
	uint64_t mixed = (key.at >> 2) + (uintptr_t)key.space;
	struct list *l = &table[mixed * 0x9e3779b97f4a7c15ull >> 58];

	if (!l->next)
		list_init(l);
	return l;
}

static bool same(struct futex_key a, struct futex_key b)
{
	return a.at == b.at && a.space == b.space;
}

void futex_enqueue(struct futex_waiter *w, struct futex_key key, uint32_t bitset)
{
	*w = (struct futex_waiter){ .key = key, .bitset = bitset, .thread = current() };
	list_add_tail(bucket(key), &w->link);
}

int futex_sleep(struct futex_waiter *w, uint64_t deadline)
{
	int r = 0;

	while (!w->woken && !r)
		r = wait_sleep(deadline, true);
	list_del(&w->link);
	return w->woken ? 0 : r;
}

void futex_wake_waiter(struct futex_waiter *w)
{
	list_del(&w->link);
	w->woken = true;
	w->thread->woken = true;
	thread_wake(w->thread);
}

int futex_wake(struct futex_key key, int count, uint32_t bitset)
{
	int done = 0;

	list_for_each_safe(l, bucket(key)) {
		struct futex_waiter *w = list_entry(l, struct futex_waiter, link);

		if (done >= count)
			break;
		if (!same(w->key, key) || !(w->bitset & bitset) || w->pi)
			continue;
		futex_wake_waiter(w);
		done++;
	}
	return done;
}

int futex_wake_address(uint32_t *addr, int count)
{
	return futex_wake(futex_key(addr, false), count, FUTEX_BITSET_ALL);
}

int futex_requeue(struct futex_key key, int wake, struct futex_key to, int move)
{
	int woken = futex_wake(key, wake, FUTEX_BITSET_ALL), moved = 0;
	struct list *from = bucket(key), taken = LIST_INIT(taken);

	list_for_each_safe(l, from) {
		struct futex_waiter *w = list_entry(l, struct futex_waiter, link);

		if (moved >= move)
			break;
		if (!same(w->key, key) || w->pi)
			continue;
		list_del(l);
		w->key = to;
		list_add_tail(&taken, l);
		moved++;
	}
	list_for_each_safe(l, &taken) {
		list_del(l);
		list_add_tail(bucket(to), l);
	}
	return woken + moved;
}

struct futex_waiter *futex_first(struct futex_key key, bool pi, bool *more)
{
	struct futex_waiter *first = NULL;

	*more = false;
	list_for_each(l, bucket(key)) {
		struct futex_waiter *w = list_entry(l, struct futex_waiter, link);

		if (!same(w->key, key) || w->pi != pi)
			continue;
		*more = first != NULL;
		if (first)
			break;
		first = w;
	}
	return first;
}
