// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names that are added by the index. A full leaf is split by the hashes of its names, which takes
// an entry in the node above; a full node is split in two; a full root gets a level of nodes.
#include <fs/ext4/htree.h>
#include <mm/mm.h>

#define ENTRIES_MAX (BLOCK_MAX / DIRENT_SIZE(1))

struct named {
	uint32_t hash;
	uint16_t at, size; // in the copy of the block
};

struct work {
	uint8_t copy[BLOCK_MAX];
	struct named named[ENTRIES_MAX];
};

static int sorted_names(struct ext4 *fs, const struct htree *t, struct buf *b, struct work *w)
{
	struct disk_dirent *e;
	uint32_t at = 0, n = 0, was;

	memcpy(w->copy, b->data, fs->bs);
	while (was = at, (e = dirent_next(fs, b, &at))) {
		struct named it = { .at = (uint16_t)was, .size = DIRENT_SIZE(e->name_len) };
		uint32_t i;

		if (!e->inode || !e->name_len || n == ENTRIES_MAX)
			continue;
		name_hash(fs, t->info->hash_version, e->name, e->name_len, &it.hash);
		for (i = n++; i && w->named[i - 1].hash > it.hash; i--)
			w->named[i] = w->named[i - 1];
		w->named[i] = it;
	}
	return at == UINT32_MAX ? ext4_bad(fs, "a directory is damaged", b->block) : (int)n;
}

// A block with these names and nothing else.
static void pack(const struct ext4 *fs, struct buf *b, const struct work *w, uint32_t from,
		 uint32_t to)
{
	struct disk_dirent *e = NULL;
	uint32_t at = 0;

	dir_block_init(fs, b, 0);
	for (uint32_t i = from; i < to; i++) {
		e = (void *)(b->data + at);
		memcpy(e, w->copy + w->named[i].at, w->named[i].size);
		e->rec_len = w->named[i].size;
		at += e->rec_len;
	}
	if (e)
		e->rec_len = (uint16_t)(e->rec_len + dir_room(fs) - at);
}

static void entry_insert(struct htree_level *l, uint32_t hash, uint32_t block)
{
	struct htree_entry *e = l->e + l->at + 1;

	memmove(e + 1, e, (l->count - l->at - 1) * sizeof(*e));
	*e = (struct htree_entry){ hash, block };
	htree_set_count(l, l->count + 1);
}

static int split_leaf(struct ext4 *fs, struct inode *dir, struct htree *t, struct buf *leaf)
{
	struct htree_level *l = &t->level[t->levels - 1];
	uint32_t block = (uint32_t)(inode_size(dir) >> fs->bits), keep = 0, size = 0, hash;
	struct work *w = kmalloc(sizeof(*w));
	int n = w ? sorted_names(fs, t, leaf, w) : -ENOMEM;
	int r = MIN(n, 0);
	struct buf *b;

	while (n > 0 && keep < (uint32_t)n - 1 && size + w->named[keep].size <= fs->bs / 2)
		size += w->named[keep++].size;
	if (!r && !keep)
		r = ext4_bad(fs, "a directory's block is full of nothing", leaf->block);
	if (!r)
		r = op_write(fs, leaf);
	if (!r)
		r = op_write(fs, l->buf);
	if (!r)
		r = dir_append(fs, dir, &b);
	if (!r) {
		hash = w->named[keep].hash;
		pack(fs, b, w, keep, (uint32_t)n);
		pack(fs, leaf, w, 0, keep);
		entry_insert(l, hash | (hash == w->named[keep - 1].hash), block);
	}
	kfree(w);
	return r;
}

// A node of the index as a new block, with entries of another from `from` on. Its first entry's
// hash is the node's: above it.
static int node_new(struct ext4 *fs, struct inode *dir, const struct htree_level *of, uint32_t from,
		    uint32_t *block)
{
	struct htree_level l = { .limit = htree_limit(fs, false) };
	struct disk_dirent *fake;
	int r;

	*block = (uint32_t)(inode_size(dir) >> fs->bits);
	r = dir_append(fs, dir, &l.buf);
	if (r)
		return r;
	memset(l.buf->data, 0, fs->bs);
	fake = (void *)l.buf->data;
	fake->rec_len = (uint16_t)fs->bs;
	l.e = (void *)(l.buf->data + HTREE_NODE_AT);
	memcpy(l.e, of->e + from, (of->count - from) * sizeof(*l.e));
	htree_set_count(&l, of->count - from);
	return 0;
}

// Room for one more entry at the lowest level; the way must be walked again.
static int make_room(struct ext4 *fs, struct inode *dir, struct htree *t)
{
	struct htree_level *root = &t->level[0], *l = &t->level[t->levels - 1];
	uint32_t half = l->count / 2, block, hash;
	int r = op_write(fs, root->buf);

	if (!r && t->levels > 1 && root->count == root->limit) {
		ext4_say(fs, "a directory's index is full (%u)", dir->ino);
		return -ENOSPC;
	}
	if (!r)
		r = op_write(fs, l->buf);
	if (!r)
		r = node_new(fs, dir, l, t->levels > 1 ? half : 0, &block);
	if (r)
		return r;
	if (t->levels == 1) { // the root's entries have moved below it
		htree_set_count(root, 1);
		root->e[0].block = block;
		t->info->levels = 1;
		return 0;
	}
	hash = l->e[half].hash;
	htree_set_count(l, half);
	entry_insert(root, hash, block);
	return 0;
}

// A directory of one block that is full gets an index: its names move into a second block.
static int make_index(struct ext4 *fs, struct inode *dir)
{
	struct htree t = { .levels = 1 };
	struct htree_level *l = &t.level[0];
	struct htree_info info = { .info_length = 8 };
	struct work *w = kmalloc(sizeof(*w));
	struct disk_super *s;
	struct buf *first, *b = NULL, *sb;
	int n = 0, r = w ? super_get(fs, &sb, &s) : -ENOMEM;

	if (!r)
		r = dir_block(fs, dir, 0, &first);
	if (!r)
		r = op_write(fs, first);
	if (!r) {
		info.hash_version = s->def_hash_version;
		t.info = &info;
		n = sorted_names(fs, &t, first, w);
		r = MIN(n, 0);
	}
	if (!r)
		r = dir_append(fs, dir, &b);
	if (!r) {
		uint32_t k = 0;

		for (int i = 0; i < n; i++) { // without "." and ".."
			if (w->named[i].at >= 24)
				w->named[k++] = w->named[i];
		}
		pack(fs, b, w, 0, k);
		memset(first->data + 24, 0, fs->bs - 24);
		((struct disk_dirent *)(first->data + 12))->rec_len = (uint16_t)(fs->bs - 12);
		memcpy(first->data + 24, &info, sizeof(info));
		l->e = (void *)(first->data + HTREE_ROOT_AT);
		l->limit = htree_limit(fs, true);
		htree_set_count(l, 1);
		l->e[0].block = 1;
		dir->raw->flags |= INODE_INDEX;
	}
	kfree(w);
	return r;
}

// Only where "." and ".." are as everybody makes them, and by a hash that is known.
static bool can_index(struct ext4 *fs, struct inode *dir)
{
	const struct disk_dirent *dot, *up;
	struct disk_super *s;
	struct buf *b;
	uint32_t hash;

	if (!(fs->compat & COMPAT_DIR_INDEX) || inode_size(dir) != fs->bs ||
	    super_get(fs, &b, &s) || !name_hash(fs, s->def_hash_version, "", 0, &hash) ||
	    dir_block(fs, dir, 0, &b))
		return false;
	dot = (const void *)b->data;
	up = (const void *)(b->data + 12);
	return dot->rec_len == 12 && up->rec_len == 12 && up->name_len == 2;
}

static int add_at(struct ext4 *fs, struct inode *dir, struct htree *t, const char *name, size_t len,
		  uint32_t ino, uint32_t mode)
{
	struct htree_level *l = &t->level[t->levels - 1];
	struct buf *leaf;
	int r = dir_block(fs, dir, htree_leaf(t), &leaf);

	if (!r)
		r = dir_put(fs, leaf, DIRENT_SIZE(len), name, len, ino, mode);
	if (r)
		return r;
	return l->count < l->limit ? split_leaf(fs, dir, t, leaf) : make_room(fs, dir, t);
}

// -EOPNOTSUPP: it has no index, and needs none.
int htree_add(struct ext4 *fs, struct inode *dir, const char *name, size_t len, uint32_t ino,
	      uint32_t mode)
{
	bool indexed = (fs->compat & COMPAT_DIR_INDEX) && (dir->raw->flags & INODE_INDEX);
	struct htree t;
	struct buf *b;
	int r;

	if (!indexed) {
		if (!can_index(fs, dir))
			return -EOPNOTSUPP;
		r = dir_block(fs, dir, 0, &b);
		if (!r)
			r = dir_put(fs, b, DIRENT_SIZE(len), name, len, ino, mode);
		if (r)
			return MIN(r, 0);
		r = make_index(fs, dir);
		if (r)
			return r;
	}
	// Each time there is more room; a name fits after a split or two.
	for (int tries = 0; tries < 6; tries++) {
		r = htree_walk(fs, dir, name, len, &t);
		if (r == -EOPNOTSUPP)
			return -ENOSYS;
		if (!r)
			r = add_at(fs, dir, &t, name, len, ino, mode);
		if (r)
			return MIN(r, 0);
	}
	return -ENOSPC;
}
