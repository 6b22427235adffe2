// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Trees of extents that grow: a full node is split in two, which takes an entry in the node above;
// a full root moves into a block of its own, below a new one.
#include <fs/ext4/priv.h>

static uint16_t node_max(const struct ext4 *fs)
{
	return (uint16_t)((fs->bs - sizeof(struct extent_header)) / sizeof(struct extent));
}

static int node_new(struct ext4 *fs, struct inode *in, uint16_t depth, struct buf **b)
{
	struct extent_header *h;
	struct run run;
	int r = inode_change(fs, in);

	if (!r)
		r = blocks_alloc(fs, inode_goal(fs, in), 1, &run);
	if (!r)
		r = buf_new(fs, run.block, KIND_EXTENTS, in->seed, b);
	if (r)
		return r;
	inode_add_blocks(fs, in, 1);
	h = (void *)(*b)->data;
	h->magic = EXTENT_MAGIC;
	h->max = node_max(fs);
	h->depth = depth;
	return 0;
}

static void index_set(struct extent_index *i, uint32_t at, uint64_t leaf)
{
	*i = (struct extent_index){ at, (uint32_t)leaf, (uint16_t)(leaf >> 32), 0 };
}

static int grow_root(struct ext4 *fs, struct inode *in)
{
	struct extent_header *root = (void *)in->raw->block, *h;
	struct buf *b;
	int r;

	if (root->depth == EXTENT_DEPTH_MAX)
		return -EFBIG;
	r = node_new(fs, in, root->depth, &b);
	if (r)
		return r;
	h = (void *)b->data;
	h->entries = root->entries;
	memcpy(h + 1, root + 1, root->entries * sizeof(struct extent));
	root->depth++;
	root->entries = 1;
	index_set((struct extent_index *)(root + 1), ((struct extent *)(h + 1))->block, b->block);
	return 0;
}

static void insert_gap(struct extent_level *l, int at)
{
	memmove(extent_of(l, at + 1), extent_of(l, at),
		(size_t)(l->h->entries - at) * sizeof(struct extent));
	l->h->entries++;
}

// The node at level i of the path is full, the one above is not. What comes behind the last entry
// of a file that grows has a node of its own: the old one stays full.
static int split(struct ext4 *fs, struct inode *in, struct extent_path *p, int i)
{
	struct extent_level *l = &p->level[i], *up = &p->level[i - 1];
	int keep = extent_end(p) == UINT32_MAX ? l->h->entries - 1 : l->h->entries / 2;
	int move = l->h->entries - keep;
	struct extent_header *h;
	struct buf *b;
	int r = node_new(fs, in, l->h->depth, &b);

	if (!r)
		r = extent_change(fs, in, l);
	if (!r)
		r = extent_change(fs, in, up);
	if (r)
		return r;
	h = (void *)b->data;
	memcpy(h + 1, extent_of(l, keep), (size_t)move * sizeof(struct extent));
	h->entries = (uint16_t)move;
	l->h->entries = (uint16_t)keep;
	insert_gap(up, up->at + 1);
	index_set(extent_index_of(up, up->at + 1), ((struct extent *)(h + 1))->block, b->block);
	return 0;
}

// The path to where `at` belongs, in a leaf with room for another entry.
static int make_room(struct ext4 *fs, struct inode *in, uint32_t at, struct extent_path *p)
{
	for (;;) {
		int r = extent_find(fs, in, at, p), i = p->depth;

		if (r || p->level[i].h->entries < p->level[i].h->max)
			return r;
		while (i > 0 && p->level[i - 1].h->entries == p->level[i - 1].h->max)
			i--;
		r = i ? split(fs, in, p, i) : grow_root(fs, in);
		if (r)
			return r;
	}
}

static bool joins(const struct extent *a, uint32_t at, uint64_t block, uint32_t len, bool unwritten)
{
	uint32_t max = unwritten ? EXTENT_LEN_MAX - 1 : EXTENT_LEN_MAX;

	return a->block + extent_len(a) == at && extent_start(a) + extent_len(a) == block &&
	       extent_unwritten(a) == unwritten && extent_len(a) + len <= max;
}

// Nothing of [at, at + len) is in the tree.
int extent_add(struct ext4 *fs, struct inode *in, uint32_t at, uint64_t block, uint32_t len,
	       bool unwritten)
{
	struct extent_path p;
	struct extent_level *l;
	struct extent *e, *next;
	int r = extent_find(fs, in, at, &p);

	if (r)
		return r;
	l = &p.level[p.depth];
	e = l->at >= 0 ? extent_of(l, l->at) : NULL;
	next = l->at + 1 < l->h->entries ? extent_of(l, l->at + 1) : NULL;
	if (e && joins(e, at, block, len, unwritten)) {
		r = extent_change(fs, in, l);
		if (!r)
			extent_set(e, e->block, extent_start(e), extent_len(e) + len, unwritten);
		return r;
	}
	if (next && next->block == at + len && extent_start(next) == block + len &&
	    extent_unwritten(next) == unwritten && extent_len(next) + len < EXTENT_LEN_MAX) {
		r = extent_change(fs, in, l);
		if (r)
			return r;
		extent_set(next, at, block, extent_len(next) + len, unwritten);
		return extent_fix_keys(fs, in, &p);
	}
	r = make_room(fs, in, at, &p);
	if (r)
		return r;
	l = &p.level[p.depth];
	r = extent_change(fs, in, l);
	if (r)
		return r;
	insert_gap(l, l->at + 1);
	extent_set(extent_of(l, l->at + 1), at, block, len, unwritten);
	return extent_fix_keys(fs, in, &p);
}

// All of an extent is written now: it may be one with that before it.
static int all_written(struct ext4 *fs, struct extent_level *l, const struct extent *old)
{
	struct extent *e = extent_of(l, l->at), *before = e - 1;
	uint32_t len = extent_len(old);

	if (!l->at || !joins(before, old->block, extent_start(old), len, false)) {
		extent_set(e, old->block, extent_start(old), len, false);
		return 0;
	}
	extent_set(before, before->block, extent_start(before), extent_len(before) + len, false);
	memmove(e, e + 1, (size_t)(l->h->entries - l->at - 1) * sizeof(*e));
	l->h->entries--;
	return 0;
}

// Blocks that were not written yet are now: they are cut out of their extent. What stays of it
// keeps its entry.
int extent_written(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t len)
{
	struct extent_path p;
	struct extent *e, old;
	struct extent_level *l;
	uint32_t head, tail;
	int r = extent_find(fs, in, at, &p);

	if (r)
		return r;
	l = &p.level[p.depth];
	e = l->at >= 0 ? extent_of(l, l->at) : NULL;
	if (!e || at - e->block >= extent_len(e) || len > extent_len(e) - (at - e->block))
		return ext4_bad(fs, "an extent is not there", in->ino);
	if (!extent_unwritten(e))
		return 0;
	r = extent_change(fs, in, l);
	if (r)
		return r;
	old = *e;
	head = at - old.block;
	tail = extent_len(&old) - head - len;
	if (!head && !tail)
		return all_written(fs, l, &old);
	if (head) {
		extent_set(e, old.block, extent_start(&old), head, true);
	} else {
		extent_set(e, at + len, extent_start(&old) + len, tail, true);
		r = extent_fix_keys(fs, in, &p);
	}
	if (!r)
		r = extent_add(fs, in, at, extent_start(&old) + head, len, false);
	if (!r && head && tail)
		r = extent_add(fs, in, at + len, extent_start(&old) + head + len, tail, true);
	return r;
}
