// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Trees of extents: Documentation/filesystems/ext4/ifork.rst. A node is a header and entries in
// order; the root, with up to four, is in the inode. A path holds the nodes from the root (level 0)
// to a leaf (level `depth`).
#include <fs/ext4/priv.h>

struct extent *extent_of(const struct extent_level *l, int at)
{
	return (struct extent *)(l->h + 1) + at;
}

struct extent_index *extent_index_of(const struct extent_level *l, int at)
{
	return (struct extent_index *)(l->h + 1) + at;
}

uint64_t extent_start(const struct extent *e)
{
	return e->start_lo | (uint64_t)e->start_hi << 32;
}

bool extent_unwritten(const struct extent *e)
{
	return e->len > EXTENT_LEN_MAX;
}

uint32_t extent_len(const struct extent *e)
{
	return extent_unwritten(e) ? e->len - EXTENT_LEN_MAX : e->len;
}

void extent_set(struct extent *e, uint32_t at, uint64_t block, uint32_t len, bool unwritten)
{
	e->block = at;
	e->len = (uint16_t)(unwritten ? len + EXTENT_LEN_MAX : len);
	e->start_lo = (uint32_t)block;
	e->start_hi = (uint16_t)(block >> 32);
}

uint64_t extent_leaf(const struct extent_index *i)
{
	return i->leaf_lo | (uint64_t)i->leaf_hi << 32;
}

void extent_init(struct disk_inode *raw)
{
	struct extent_header *h = (void *)raw->block;

	memset(raw->block, 0, sizeof(raw->block));
	h->magic = EXTENT_MAGIC;
	h->max = (sizeof(raw->block) - sizeof(*h)) / sizeof(struct extent);
	raw->flags |= INODE_EXTENTS;
}

static bool entries_in_order(const struct extent_level *l)
{
	uint64_t end = 0;

	for (int i = 0; i < l->h->entries; i++) {
		const struct extent *e = extent_of(l, i);

		if (i && e->block < end)
			return false;
		if (!l->h->depth && !extent_len(e))
			return false;
		end = (uint64_t)e->block + (l->h->depth ? 1 : extent_len(e));
		if (end > 1ull << 32)
			return false;
	}
	return true;
}

static bool node_ok(const struct ext4 *fs, const struct extent_level *l, int depth)
{
	size_t room = (l->buf ? fs->bs : INODE_BLOCKS * 4) - sizeof(*l->h);

	return l->h->magic == EXTENT_MAGIC && l->h->depth == depth && l->h->max >= 4 &&
	       l->h->entries <= l->h->max && l->h->max * sizeof(struct extent) <= room &&
	       (l->h->entries || !depth) &&
	       ((l->buf && (l->buf->state & BUF_TX)) || entries_in_order(l)); // ours are
}

// The last entry that begins at or before `at`; -1: all begin behind it.
static int entry_before(const struct extent_level *l, uint32_t at)
{
	int low = 0, high = l->h->entries;

	while (low < high) {
		int mid = (low + high) / 2;

		if (extent_of(l, mid)->block <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low - 1;
}

int extent_find(struct ext4 *fs, struct inode *in, uint32_t at, struct extent_path *p)
{
	struct extent_level *l = p->level;

	l->buf = NULL;
	l->h = (void *)in->raw->block;
	p->depth = l->h->depth;
	if (p->depth > EXTENT_DEPTH_MAX)
		return ext4_bad(fs, "a file's tree of extents is too deep", in->ino);
	for (int i = 0;; i++, l++) {
		uint64_t leaf;
		int r;

		if (!node_ok(fs, l, p->depth - i))
			return ext4_bad(fs, "a file's tree of extents cannot be", in->ino);
		l->at = entry_before(l, at);
		if (i == p->depth)
			return 0;
		l->at = MAX(l->at, 0);
		leaf = extent_leaf(extent_index_of(l, l->at));
		r = buf_get(fs, leaf, KIND_EXTENTS, in->seed, &l[1].buf);
		if (r)
			return r;
		l[1].h = (void *)l[1].buf->data;
	}
}

// Where the next extent behind the path's begins; UINT32_MAX: nowhere.
uint32_t extent_end(const struct extent_path *p)
{
	for (int i = p->depth; i >= 0; i--) {
		const struct extent_level *l = &p->level[i];

		if (l->at + 1 < l->h->entries)
			return extent_of(l, l->at + 1)->block;
	}
	return UINT32_MAX;
}

int extent_change(struct ext4 *fs, struct inode *in, struct extent_level *l)
{
	return l->buf ? op_write(fs, l->buf) : inode_change(fs, in);
}

// The first entry of the leaf may have changed: the index entries above say where it begins.
int extent_fix_keys(struct ext4 *fs, struct inode *in, struct extent_path *p)
{
	for (int i = p->depth; i > 0; i--) {
		struct extent_level *up = &p->level[i - 1];
		int r;

		if (!p->level[i].h->entries)
			return 0;
		if (extent_index_of(up, up->at)->block == extent_of(&p->level[i], 0)->block)
			return 0;
		r = extent_change(fs, in, up);
		if (r)
			return r;
		extent_index_of(up, up->at)->block = extent_of(&p->level[i], 0)->block;
		if (up->at)
			return 0;
	}
	return 0;
}

int extent_get(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t max, struct run *run)
{
	struct extent_path p;
	const struct extent *e;
	const struct extent_level *l;
	int r = extent_find(fs, in, at, &p);
	uint32_t end;

	if (r)
		return r;
	l = &p.level[p.depth];
	e = l->at >= 0 ? extent_of(l, l->at) : NULL;
	if (e && at - e->block < extent_len(e)) {
		run->block = extent_start(e) + (at - e->block);
		run->len = MIN(extent_len(e) - (at - e->block), max);
		run->unwritten = extent_unwritten(e);
		return 0;
	}
	// In a damaged tree the next one may be before it.
	end = extent_end(&p);
	*run = (struct run){ 0, end > at ? MIN(end - at, max) : 1, false };
	return 0;
}
