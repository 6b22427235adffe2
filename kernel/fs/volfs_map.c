// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Pages of files on volumes that are mapped: the only thing that is kept of a volume. They are in
// n->map.tree from the first fault on until nobody maps them any more and the file is synced, read
// or closed.
//
// A page that has been given out for writing is DIRTY (in its slot) until it is written back: by
// msync, fsync, the last close and the end of the program, and before read() looks at the same
// place on the host. Its mappings are then read-only again until the next write (mm_vnode_clean).
// write() puts what it wrote into the pages as well. So mappings and calls of this instance see the
// same; what others write to the file shows in a page only when it is faulted in again.
#include <fs/volfs.h>
#include <fs/abi.h>
#include <mm/mm.h>

#define DIRTY 1ull
#define AHEAD_ORDER 4 // pages that are read at a time, as a power of two

static uint64_t *slot_of(struct vol_node *n, uint64_t index)
{
	uint64_t *slot = index < n->map.high ? pages_slot(&n->map.tree, index, false) : NULL;

	return slot && *slot ? slot : NULL;
}

// How many pages from `index` on are to be read: as many as are not there yet and memory allows.
static unsigned ahead(struct vol_node *n, uint64_t index)
{
	unsigned order = frame_available() < frame_total() / 8 ? 0 : AHEAD_ORDER;

	for (uint64_t i = 1; i < 1ull << order; i++)
		while (order && i < 1ull << order && slot_of(n, index + i))
			order--;
	return order;
}

static int insert(struct vol_node *n, uint64_t index, paddr_t pa)
{
	uint64_t *slot = index < PAGES_MAX ? pages_slot(&n->map.tree, index, true) : NULL;

	if (!slot)
		return -ENOMEM;
	*slot = pa;
	n->map.low = n->map.high ? MIN(n->map.low, index) : index;
	n->map.high = MAX(n->map.high, index + 1);
	return 0;
}

// Reads a page, and those behind it in the same go. -ENXIO: there is nothing there, or the host
// cannot read it.
static int fill(struct vol_node *n, uint64_t index)
{
	unsigned order = ahead(n, index);
	paddr_t pa = frame_alloc(order, false);
	struct volume_request *q;
	int64_t got;
	int r = 0;

	if (!pa)
		pa = frame_alloc(order = 0, false);
	if (!pa)
		return -ENOMEM;
	q = volfs_begin(VOLUME_READ, n);
	q->off = index << PAGE_SHIFT;
	q->len = PAGE_SIZE << order;
	q->data = pa;
	got = volfs_call();
	got = MAX(got, 0);
	memset((uint8_t *)page_va(pa) + got, 0, (PAGE_SIZE << order) - (size_t)got);
	for (uint64_t i = 0; i < 1ull << order; i++, pa += PAGE_SIZE) {
		int err = (int64_t)(i << PAGE_SHIFT) >= got ? -ENXIO : insert(n, index + i, pa);

		if (err)
			frame_put(pa);
		r = i ? r : err;
	}
	return r;
}

int volfs_get_page(struct vnode *v, uint64_t off, bool write, paddr_t *pa)
{
	struct vol_node *n = to_vol(v);
	uint64_t index = off / PAGE_SIZE, *slot = slot_of(n, index);
	int r = volfs_open(n, write);

	if (r)
		return -ENXIO;
	if (!slot) {
		r = fill(n, index);
		if (r)
			return r;
		slot = slot_of(n, index);
	}
	if (write)
		*slot |= DIRTY;
	*pa = *slot & ~DIRTY;
	frame_get(*pa);
	return 0;
}

// Pages [index, index + count) that lie behind each other in memory too.
struct dirty_run {
	uint64_t index, count;
	paddr_t pa;
};

static int run_write(struct vol_node *n, struct dirty_run *run, uint64_t size)
{
	struct volume_request *q;
	uint64_t off = run->index << PAGE_SHIFT;
	int64_t r = 0;

	if (run->count && off < size) {
		q = volfs_begin(VOLUME_WRITE, n);
		q->off = off;
		q->len = MIN(run->count << PAGE_SHIFT, size - off);
		q->data = run->pa;
		r = volfs_call();
		if (r >= 0)
			r = (uint64_t)r < q->len ? -ENOSPC : 0;
	}
	run->count = 0;
	return (int)r;
}

static int run_add(struct vol_node *n, struct dirty_run *run, uint64_t index, paddr_t pa,
		   uint64_t size)
{
	bool behind = run->count && run->index + run->count == index &&
		      run->pa + (run->count << PAGE_SHIFT) == pa &&
		      run->count < VOLUME_DATA_MAX >> PAGE_SHIFT;
	int r = 0;

	if (!behind) {
		r = run_write(n, run, size);
		run->index = index;
		run->pa = pa;
	}
	run->count++;
	return r;
}

// Of what nobody maps any more nothing is kept.
static void trim(struct vol_node *n, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		uint64_t *slot = slot_of(n, i);

		if (!slot || frame_count(*slot & ~DIRTY) > 1)
			continue;
		frame_put(*slot & ~DIRTY);
		*slot = 0;
	}
}

static bool any_dirty(struct vol_node *n, uint64_t from, uint64_t to)
{
	for (uint64_t i = from; i < to; i++) {
		uint64_t *slot = slot_of(n, i);

		if (slot && (*slot & DIRTY))
			return true;
	}
	return false;
}

// Writes pages [from, to) that are dirty. Where it fails they stay so.
static int write_dirty(struct vol_node *n, uint64_t from, uint64_t to)
{
	struct dirty_run run = { .count = 0 };
	struct kstat st = { .size = 0 };
	int r = volfs_open(n, true);

	if (!r)
		r = vnode_stat(&n->v, &st);
	if (!r && n->v.mappings)
		mm_vnode_clean(&n->v, from << PAGE_SHIFT, to << PAGE_SHIFT);
	for (uint64_t i = from; i < to && !r; i++) {
		uint64_t *slot = slot_of(n, i);

		if (slot && (*slot & DIRTY))
			r = run_add(n, &run, i, *slot & ~DIRTY, st.size);
	}
	if (!r)
		r = run_write(n, &run, st.size);
	for (uint64_t i = from; i < to && !r; i++) {
		uint64_t *slot = slot_of(n, i);

		if (slot)
			*slot &= ~DIRTY;
	}
	return r;
}

int volfs_write_back(struct vnode *v, uint64_t from, uint64_t to)
{
	struct vol_node *n = to_vol(v);
	int r = 0;

	if (!n->map.high || from >= to)
		return 0;
	from = MAX(from / PAGE_SIZE, n->map.low);
	to = MIN((to - 1) / PAGE_SIZE + 1, n->map.high);
	if (any_dirty(n, from, to))
		r = write_dirty(n, from, to);
	if (!r)
		trim(n, from, to);
	return r;
}

void volfs_map_written(struct vol_node *n, uint64_t off, const uint8_t *data, size_t len)
{
	if (off >> PAGE_SHIFT >= n->map.high)
		return;
	while (len) {
		uint64_t in = off % PAGE_SIZE, part = MIN(PAGE_SIZE - in, len);
		uint64_t *slot = slot_of(n, off / PAGE_SIZE);

		if (slot)
			memcpy((uint8_t *)page_va(*slot & ~DIRTY) + in, data, part);
		off += part;
		data += part;
		len -= part;
	}
}

static void free_from(struct vol_node *n, uint64_t first)
{
	for (uint64_t i = MAX(first, n->map.low); i < n->map.high; i++) {
		uint64_t *slot = slot_of(n, i);

		if (slot)
			*slot &= ~DIRTY;
	}
	pages_free(&n->map.tree, first, PAGES_MAX);
	n->map.high = MIN(n->map.high, first);
}

void volfs_map_resized(struct vol_node *n, uint64_t size)
{
	uint64_t in = size % PAGE_SIZE, *slot = in ? slot_of(n, size / PAGE_SIZE) : NULL;

	if (!n->map.high)
		return;
	if (slot)
		memset((uint8_t *)page_va(*slot & ~DIRTY) + in, 0, PAGE_SIZE - in);
	free_from(n, (size + PAGE_SIZE - 1) / PAGE_SIZE);
	mm_vnode_truncated(&n->v, size);
}

void volfs_map_forget(struct vol_node *n)
{
	if (!n->map.high)
		return;
	free_from(n, 0);
	mm_vnode_truncated(&n->v, 0);
}
