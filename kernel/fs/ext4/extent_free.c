// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Blocks that are taken out of a tree of extents. Nodes that become empty go as well; an empty tree
// is a root without entries.
#include <fs/ext4/priv.h>

#define REVOKES_MAX 512u // blocks of a directory at once: each is noted in the journal

static void remove_entry(struct extent_level *l)
{
	memmove(extent_of(l, l->at), extent_of(l, l->at + 1),
		(size_t)(l->h->entries - l->at - 1) * sizeof(struct extent));
	l->h->entries--;
}

// The leaf has lost an entry.
static int prune(struct ext4 *fs, struct inode *in, struct extent_path *p)
{
	struct extent_header *root = p->level[0].h;
	int i = p->depth, r = 0;

	for (; i > 0 && !p->level[i].h->entries && !r; i--) {
		r = blocks_free(fs, p->level[i].buf->block, 1, true);
		if (!r)
			r = extent_change(fs, in, &p->level[i - 1]);
		if (r)
			break;
		inode_add_blocks(fs, in, -1);
		remove_entry(&p->level[i - 1]);
	}
	if (r)
		return r;
	if (!root->entries)
		root->depth = 0;
	p->depth = i;
	return i ? extent_fix_keys(fs, in, p) : 0;
}

// What is below a root with one entry moves into it, if it fits.
static int shrink(struct ext4 *fs, struct inode *in)
{
	struct extent_header *root = (void *)in->raw->block;
	int r = 0;

	while (root->depth && root->entries == 1 && !r) {
		struct extent_path p;
		struct extent_level *below = &p.level[1];

		r = extent_find(fs, in, 0, &p);
		if (r || below->h->entries > root->max)
			return r;
		r = blocks_free(fs, below->buf->block, 1, true);
		if (r)
			return r;
		inode_add_blocks(fs, in, -1);
		root->depth--;
		root->entries = below->h->entries;
		memcpy(root + 1, below->h + 1, root->entries * sizeof(struct extent));
	}
	return r;
}

// Takes [from, to) off one extent, which has some of it.
static int cut(struct ext4 *fs, struct inode *in, struct extent_path *p, uint32_t from, uint32_t to)
{
	struct extent_level *l = &p->level[p->depth];
	struct extent *e = extent_of(l, l->at), old = *e;
	uint32_t len = extent_len(&old), start = MAX(from, old.block);
	uint32_t end = MIN(to - old.block, len) + old.block;
	uint32_t tail = old.block + len - end;
	bool unwritten = extent_unwritten(&old);
	int r = extent_change(fs, in, l);

	if (!r)
		r = blocks_free(fs, extent_start(&old) + (start - old.block), end - start,
				inode_journalled(in));
	if (r)
		return r;
	inode_add_blocks(fs, in, -(int64_t)(end - start));
	if (start > old.block) {
		extent_set(e, old.block, extent_start(&old), start - old.block, unwritten);
		return tail ? extent_add(fs, in, end, extent_start(&old) + (end - old.block), tail,
					 unwritten) : 0;
	}
	if (tail) {
		extent_set(e, end, extent_start(&old) + (end - old.block), tail, unwritten);
		return extent_fix_keys(fs, in, p);
	}
	remove_entry(l);
	return prune(fs, in, p);
}

// From the end: a truncated file's tree stays as narrow as it can be. 1: there may be more.
static int free_some(struct ext4 *fs, struct inode *in, uint32_t from, uint32_t to)
{
	for (uint32_t i = 0; i < OP_FREES / 3; i++) {
		struct extent_path p;
		struct extent_level *l;
		const struct extent *e;
		uint32_t first, end, low;
		bool many;
		int r = extent_find(fs, in, to - 1, &p);

		if (r)
			return r;
		l = &p.level[p.depth];
		if (l->at < 0) // the first leaf begins behind it: only at the tree's beginning
			return 0;
		e = extent_of(l, l->at);
		first = e->block;
		end = (uint32_t)MIN((uint64_t)first + extent_len(e), (uint64_t)to);
		if (end <= from)
			return 0;
		low = MAX(from, first);
		many = inode_journalled(in) && end - low > REVOKES_MAX;
		r = cut(fs, in, &p, many ? end - REVOKES_MAX : low, to);
		if (r || (!many && first <= from))
			return r;
	}
	return 1;
}

int extent_free(struct ext4 *fs, struct inode *in, uint32_t from, uint32_t to)
{
	int r = free_some(fs, in, from, to), err = r < 0 ? 0 : shrink(fs, in);

	return err ? err : r;
}
