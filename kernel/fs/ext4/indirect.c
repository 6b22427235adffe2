// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where a file's blocks are in ext2 and ext3: twelve in the inode, then through one, two and three
// blocks of block numbers. Documentation/filesystems/ext4/blockmap.rst.
#include <fs/ext4/priv.h>

#define SPAN(fs) ((fs)->bs / 4) // numbers in a block

uint64_t indirect_blocks(const struct ext4 *fs)
{
	uint64_t n = SPAN(fs);

	return MIN(INODE_DIRECT + n + n * n + n * n * n, (uint64_t)UINT32_MAX);
}

// How `at` is reached: through `depth` blocks, from slot `slot` of the inode; index[i] is in the
// i-th of them.
struct way {
	int depth;
	uint32_t slot, index[3];
};

static bool way_to(const struct ext4 *fs, uint32_t at, struct way *w)
{
	uint64_t n = SPAN(fs), rest = at, span = 1;

	if (at < INODE_DIRECT) {
		*w = (struct way){ .depth = 0, .slot = at };
		return true;
	}
	rest -= INODE_DIRECT;
	for (int depth = 1; depth <= 3; depth++) {
		span *= n;
		if (rest < span) {
			w->depth = depth;
			w->slot = INODE_DIRECT + (uint32_t)depth - 1;
			for (int i = depth - 1; i >= 0; i--, rest /= n)
				w->index[i] = (uint32_t)(rest % n);
			return true;
		}
		rest -= span;
	}
	return false;
}

static void count_run(const uint32_t *slot, uint32_t room, struct run *run)
{
	run->block = *slot;
	run->len = 1;
	run->unwritten = false;
	while (run->len < room &&
	       slot[run->len] == (run->block ? (uint32_t)run->block + run->len : 0))
		run->len++;
}

int indirect_get(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t max, struct run *run)
{
	uint32_t *slot, room;
	struct way w;
	struct buf *b;

	if (!way_to(fs, at, &w))
		return -EFBIG;
	slot = &in->raw->block[w.slot];
	room = w.depth ? 1 : INODE_DIRECT - w.slot;
	for (int i = 0; i < w.depth; i++) {
		int r;

		if (!*slot) {
			*run = (struct run){ 0, MIN(SPAN(fs) - w.index[w.depth - 1], max), false };
			return 0;
		}
		r = buf_get(fs, *slot, KIND_INDIRECT, in->seed, &b);
		if (r)
			return r;
		slot = (uint32_t *)b->data + w.index[i];
		room = SPAN(fs) - w.index[i];
	}
	count_run(slot, MIN(room, max), run);
	return 0;
}

// A block of block numbers for a slot, which is in `b` or in the inode.
static int add_level(struct ext4 *fs, struct inode *in, struct buf *b, uint32_t *slot)
{
	struct buf *below;
	struct run run;
	int r = b ? op_write(fs, b) : inode_change(fs, in);

	if (!r)
		r = blocks_alloc(fs, inode_goal(fs, in), 1, &run);
	if (!r && run.block > UINT32_MAX)
		r = -ENOSPC;
	if (!r)
		r = buf_new(fs, run.block, KIND_INDIRECT, in->seed, &below);
	if (r)
		return r;
	*slot = (uint32_t)run.block;
	inode_add_blocks(fs, in, 1);
	return 0;
}

int indirect_alloc(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t want, struct run *run)
{
	uint32_t *slot, room, before = 0;
	uint64_t goal;
	struct buf *b = NULL;
	struct way w;
	int r = 0;

	if (!way_to(fs, at, &w))
		return -EFBIG;
	slot = &in->raw->block[w.slot];
	room = w.depth ? 1 : INODE_DIRECT - w.slot;
	for (int i = 0; i < w.depth && !r; i++) {
		if (!*slot)
			r = add_level(fs, in, b, slot);
		if (!r)
			r = buf_get(fs, *slot, KIND_INDIRECT, in->seed, &b);
		if (r)
			return r;
		slot = (uint32_t *)b->data + w.index[i];
		room = SPAN(fs) - w.index[i];
		before = w.index[i] ? slot[-1] : *(&in->raw->block[w.slot]);
	}
	if (!w.depth && w.slot)
		before = slot[-1];
	for (want = MIN(want, room), room = 1; room < want && !slot[room];)
		room++;
	goal = before ? before + 1ull : inode_goal(fs, in);
	r = b ? op_write(fs, b) : inode_change(fs, in);
	if (!r)
		r = blocks_alloc(fs, goal, room, run);
	if (!r && run->block + run->len > UINT32_MAX)
		r = -ENOSPC;
	if (r)
		return r;
	for (uint32_t i = 0; i < run->len; i++)
		slot[i] = (uint32_t)run->block + i;
	inode_add_blocks(fs, in, run->len);
	return 0;
}

struct freeing {
	struct ext4 *fs;
	struct inode *in;
	uint64_t from, to;
	uint32_t left; // how many runs this operation may free still
};

// Data blocks among slots [0, count) of a leaf, whose first is file block `at`.
static int free_slots(struct freeing *f, struct buf *b, uint32_t *slots, uint32_t count,
		      uint64_t at)
{
	for (uint32_t i = count; i-- > 0;) {
		uint32_t n = 1;
		int r;

		if (at + i < f->from || at + i >= f->to || !slots[i])
			continue;
		if (!f->left--)
			return 1;
		while (i && at + i > f->from && slots[i - 1] && slots[i - 1] + 1 == slots[i]) {
			n++;
			i--;
		}
		r = b ? op_write(f->fs, b) : 0;
		if (!r)
			r = blocks_free(f->fs, slots[i], n, inode_journalled(f->in));
		if (r)
			return r;
		memset(slots + i, 0, n * 4);
		inode_add_blocks(f->fs, f->in, -(int64_t)n);
	}
	return 0;
}

static bool all_zero(const uint32_t *slots, uint32_t count)
{
	while (count && !slots[count - 1])
		count--;
	return !count;
}

// What is below a slot, whose first file block is `at`; `span` blocks of data are below each slot
// of the block that it names.
static int free_below(struct freeing *f, struct buf *up, uint32_t *slot, uint64_t at, uint64_t span)
{
	struct ext4 *fs = f->fs;
	uint32_t *slots;
	struct buf *b;
	int r;

	if (!*slot || at >= f->to || at + span * SPAN(fs) <= f->from)
		return 0;
	r = buf_get(fs, *slot, KIND_INDIRECT, f->in->seed, &b);
	if (r)
		return r;
	slots = (uint32_t *)b->data;
	if (span == 1)
		r = free_slots(f, b, slots, SPAN(fs), at);
	for (uint32_t i = SPAN(fs); span > 1 && i-- > 0 && !r;)
		r = free_below(f, b, &slots[i], at + i * span, span / SPAN(fs));
	if (r || !all_zero(slots, SPAN(fs)))
		return r;
	if (!f->left--)
		return 1;
	r = up ? op_write(fs, up) : 0;
	if (!r)
		r = blocks_free(fs, *slot, 1, true);
	if (r)
		return r;
	*slot = 0;
	inode_add_blocks(fs, f->in, -1);
	return 0;
}

// From the end. 1: there may be more. (A damaged file may lead to the same block from everywhere;
// its blocks can be freed only once.)
int indirect_free(struct ext4 *fs, struct inode *in, uint32_t from, uint32_t to)
{
	struct freeing f = { fs, in, from, to == UINT32_MAX ? UINT64_MAX >> 1 : to, OP_FREES - 4 };
	uint64_t n = SPAN(fs), at = INODE_DIRECT + n + n * n, span = n * n;
	int r = 0;

	for (int depth = 3; depth >= 1 && !r; depth--) {
		r = free_below(&f, NULL, &in->raw->block[INODE_DIRECT + depth - 1], at, span);
		span /= n;
		at -= span * n;
	}
	return r ? r : free_slots(&f, NULL, in->raw->block, INODE_DIRECT, 0);
}
