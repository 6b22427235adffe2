// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Looking up a name by the index: htree.h.
#include <fs/ext4/htree.h>

uint32_t htree_limit(const struct ext4 *fs, bool root)
{
	return (fs->bs - (root ? HTREE_ROOT_AT : HTREE_NODE_AT)) / 8 - (fs->csum ? 1 : 0);
}

static void counts(struct htree_level *l)
{
	l->limit = l->e[0].hash & 0xffff;
	l->count = l->e[0].hash >> 16;
}

void htree_set_count(struct htree_level *l, uint32_t count)
{
	l->count = count;
	l->e[0].hash = l->limit | count << 16;
}

static int level_get(struct ext4 *fs, struct inode *dir, uint32_t block, struct htree *t,
		     uint32_t i)
{
	struct htree_level *l = &t->level[i];
	uint32_t low = 1, high;
	int r = dir_block(fs, dir, block, &l->buf);

	if (r)
		return r;
	l->e = (void *)(l->buf->data + (i ? HTREE_NODE_AT : HTREE_ROOT_AT));
	counts(l);
	if (l->limit != htree_limit(fs, !i) || !l->count || l->count > l->limit)
		return ext4_bad(fs, "a directory's index is damaged", dir->ino);
	// The last whose hash is not above the name's; the first has no hash of its own.
	for (high = l->count; low < high;) {
		uint32_t mid = (low + high) / 2;

		if (l->e[mid].hash <= t->hash)
			low = mid + 1;
		else
			high = mid;
	}
	l->at = low - 1;
	return 0;
}

static bool root_ok(const struct ext4 *fs, const struct buf *b)
{
	const struct disk_dirent *dot = (const void *)b->data, *up = (const void *)(b->data + 12);

	return dot->rec_len == 12 && up->rec_len == fs->bs - 12 && up->name_len == 2;
}

int htree_walk(struct ext4 *fs, struct inode *dir, const char *name, size_t len, struct htree *t)
{
	struct buf *root;
	int r;

	if (!(fs->compat & COMPAT_DIR_INDEX) || !(dir->raw->flags & INODE_INDEX))
		return -EOPNOTSUPP;
	r = dir_block(fs, dir, 0, &root);
	if (r)
		return r;
	t->info = (void *)(root->data + 24);
	if (!root_ok(fs, root) || t->info->zero || t->info->info_length != 8)
		return ext4_bad(fs, "a directory's index is damaged", dir->ino);
	if (t->info->levels >= HTREE_LEVELS || (t->info->flags & 1) ||
	    !name_hash(fs, t->info->hash_version, name, len, &t->hash)) {
		ext4_say(fs, "a directory's index is of a kind that is not there (%u)", dir->ino);
		return -EOPNOTSUPP;
	}
	t->levels = t->info->levels + 1u;
	for (uint32_t i = 0, block = 0; i < t->levels && !r; i++) {
		r = level_get(fs, dir, block, t, i);
		if (!r)
			block = t->level[i].e[t->level[i].at].block;
	}
	return r;
}

uint32_t htree_leaf(const struct htree *t)
{
	const struct htree_level *l = &t->level[t->levels - 1];

	return l->e[l->at].block;
}

// Names with the same hash may go on in the next leaf: 1 then, and the way leads there.
static int next_leaf(struct ext4 *fs, struct inode *dir, struct htree *t)
{
	uint32_t i = t->levels;
	struct htree_level *l;
	int r;

	do {
		if (!i--)
			return 0;
		l = &t->level[i];
	} while (l->at + 1 >= l->count);
	if ((l->e[l->at + 1].hash & ~1u) != t->hash)
		return 0;
	l->at++;
	if (i + 1 < t->levels) {
		r = level_get(fs, dir, l->e[l->at].block, t, i + 1);
		if (r)
			return r;
		t->level[i + 1].at = 0;
	}
	return 1;
}

int htree_find(struct ext4 *fs, struct inode *dir, const char *name, size_t len, struct place *p)
{
	struct htree t;
	int r = htree_walk(fs, dir, name, len, &t);

	while (!r) {
		struct buf *b;
		int more;

		r = dir_block(fs, dir, htree_leaf(&t), &b);
		if (!r)
			r = dir_find_in(fs, b, name, len, p);
		if (r != -ENOENT)
			return r;
		more = next_leaf(fs, dir, &t);
		r = more < 0 ? more : more ? 0 : -ENOENT;
	}
	return r;
}
