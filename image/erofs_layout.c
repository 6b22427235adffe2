// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where everything goes. Inodes come in the order of the tree, the root first, for its number has
// 16 bits. What has its tail inline must lie in one block, so blocks of metadata get gaps; the
// largest few are remembered and filled with what fits best.
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <image/erofs_priv.h>

#define SLOTS(n) (((n) + EROFS_SLOT - 1) / EROFS_SLOT * EROFS_SLOT)
#define BLOCKS(n) (((n) + EROFS_BLOCK - 1) / EROFS_BLOCK)
#define CHUNK_BITS_MIN 12
#define CHUNK_BITS_MAX 30

uint32_t inode_len(const struct node *n)
{
	return n->out.extended ? sizeof(struct erofs_disk_extended)
			       : sizeof(struct erofs_disk_compact);
}

uint32_t inode_tail(const struct node *n)
{
	return n->out.layout == EROFS_LAYOUT_INLINE ? n->size % EROFS_BLOCK : 0;
}

// Free room [off, off+len) of a block is noted, in place of a smaller one if there is no place.
static void add_gap(struct layout *l, uint64_t off, uint32_t len)
{
	struct gap *g = &l->gap[l->gaps];

	if (len < EROFS_SLOT)
		return;
	if (l->gaps < LAYOUT_GAPS) {
		l->gaps++;
	} else {
		g = l->gap;
		for (unsigned i = 1; i < LAYOUT_GAPS; i++)
			if (l->gap[i].len < g->len)
				g = &l->gap[i];
		if (g->len >= len)
			return;
	}
	*g = (struct gap){ off, len };
}

// Room of len bytes in one block.
static uint64_t take(struct layout *l, uint32_t len)
{
	struct gap *best = NULL, g;

	len = SLOTS(len);
	for (unsigned i = 0; i < l->gaps; i++)
		if (l->gap[i].len >= len && (!best || l->gap[i].len < best->len))
			best = &l->gap[i];
	if (best) {
		g = *best;
		*best = l->gap[--l->gaps];
	} else {
		g = (struct gap){ l->meta_blocks++ * EROFS_BLOCK, EROFS_BLOCK };
	}
	add_gap(l, g.off + len, g.len - len);
	return g.off;
}

// Room across blocks, for an inode with a table of chunks.
static uint64_t take_long(struct layout *l, uint64_t len)
{
	uint64_t at = l->meta_blocks * EROFS_BLOCK;

	len = SLOTS(len);
	l->meta_blocks += BLOCKS(len);
	add_gap(l, at + len, (uint32_t)(l->meta_blocks * EROFS_BLOCK - at - len));
	return at;
}

uint64_t chunks_with_data(const struct node *n, unsigned bits)
{
	uint64_t count = 0, next = 0; // next: the first chunk that is not counted yet

	for (size_t i = 0; i < n->content.extents; i++) {
		const struct extent *x = &n->content.extent[i];
		uint64_t first = x->off >> bits, last = (x->off + x->len - 1) >> bits;

		if (first < next)
			first = next;
		if (first <= last)
			count += last - first + 1;
		if (last + 1 > next)
			next = last + 1;
	}
	return count;
}

// The size of chunks with which a file takes the least room, or 0: none takes less than all of it.
static unsigned best_chunks(const struct node *n, uint64_t *cost)
{
	unsigned best = 0;

	*cost = n->size;
	for (unsigned bits = CHUNK_BITS_MIN; bits <= CHUNK_BITS_MAX; bits++) {
		uint64_t table = ((n->size >> bits) + 1) * 4;
		uint64_t all = table + (chunks_with_data(n, bits) << bits);

		if (all < *cost) {
			*cost = all;
			best = bits;
		}
	}
	return best;
}

static bool needs_extended(const struct node *n, uint32_t nlink)
{
	const struct attr *a = &n->attr;

	return a->uid > UINT16_MAX || a->gid > UINT16_MAX || n->size > UINT32_MAX ||
	       nlink > UINT16_MAX || a->mtime || a->mtime_nsec;
}

static int place_data(struct layout *l, struct node *n, struct failure *why)
{
	uint32_t tail = n->size % EROFS_BLOCK, len = inode_len(n);
	unsigned bits = 0;
	uint64_t cost, at;

	if (S_ISREG(n->attr.mode) && !n->content.bytes)
		bits = best_chunks(n, &cost);
	n->out.block = (uint32_t)l->data_blocks;
	n->out.chunk_bits = (uint8_t)bits;
	if (bits) {
		n->out.layout = EROFS_LAYOUT_CHUNKS;
		l->chunks = true;
		at = take_long(l, len + (((n->size - 1) >> bits) + 1) * 4);
		l->data_blocks += chunks_with_data(n, bits) << (bits - 12);
	} else if (tail && len + tail <= EROFS_BLOCK) {
		n->out.layout = EROFS_LAYOUT_INLINE;
		at = take(l, len + tail);
		l->data_blocks += n->size / EROFS_BLOCK;
	} else {
		n->out.layout = EROFS_LAYOUT_PLAIN;
		at = take(l, len);
		l->data_blocks += BLOCKS(n->size);
	}
	n->out.nid = at / EROFS_SLOT;
	if (l->data_blocks + l->meta_blocks >= UINT32_MAX)
		return failure_set(why, -EFBIG, "the root file system is larger than 16 TiB");
	return 0;
}

static int place(struct layout *l, struct node *n, struct failure *why)
{
	bool is_dir = S_ISDIR(n->attr.mode);
	struct tree_entry *entries;
	int err;

	if (n->out.number)
		return 0; // another name of it
	if (is_dir)
		n->size = dir_size(n);
	n->out.number = ++l->inodes;
	n->out.extended = needs_extended(n, is_dir ? n->subdirs + 2 : n->names);
	err = place_data(l, n, why);
	if (err || !is_dir)
		return err;
	entries = node_entries(n);
	if (!entries || !n->size)
		err = failure_errno(why, -ENOMEM, "a folder of %u names", n->entry_count);
	for (size_t i = 0; i < n->entry_count && !err; i++)
		err = place(l, entries[i].node, why);
	free(entries);
	return err;
}

int layout_make(struct layout *l, struct tree *t, struct failure *why)
{
	const uint32_t first = EROFS_SUPER_OFFSET + sizeof(struct erofs_disk_super);

	*l = (struct layout){ .meta_blocks = 1 };
	add_gap(l, first, EROFS_BLOCK - first);
	return place(l, t->root, why);
}
