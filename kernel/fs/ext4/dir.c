// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories as files of blocks with entries. Those with an index (htree.c) are the same for who
// reads them from the beginning: nodes of the index look like blocks without entries.
#include <fs/ext4/priv.h>

int dir_block(struct ext4 *fs, struct inode *dir, uint32_t at, struct buf **b)
{
	struct run run;
	int r = map_get(fs, dir, at, 1, &run);

	if (!r && (!run.block || run.unwritten))
		return ext4_bad(fs, "a directory has a hole", dir->ino);
	return r ? r : buf_get(fs, run.block, KIND_DIR, dir->seed, b);
}

static uint32_t blocks_of(const struct ext4 *fs, const struct inode *dir)
{
	return (uint32_t)MIN(inode_size(dir) >> fs->bits, (uint64_t)UINT32_MAX);
}

int dir_find_in(struct ext4 *fs, struct buf *b, const char *name, size_t len, struct place *p)
{
	struct disk_dirent *e, *before = NULL;
	uint32_t at = 0;

	for (; (e = dirent_next(fs, b, &at)); before = e) {
		if (!e->inode || e->name_len != len || memcmp(e->name, name, len))
			continue;
		*p = (struct place){ b, e, before };
		return 0;
	}
	return at == UINT32_MAX ? ext4_bad(fs, "a directory is damaged", b->block) : -ENOENT;
}

int dir_find(struct ext4 *fs, struct inode *dir, const char *name, size_t len, struct place *p)
{
	int r = htree_find(fs, dir, name, len, p);

	if (r != -EOPNOTSUPP)
		return r;
	r = -ENOENT;
	for (uint32_t i = 0; i < blocks_of(fs, dir) && r == -ENOENT; i++) {
		struct buf *b;
		bool held;

		r = dir_block(fs, dir, i, &b);
		if (r)
			return r;
		held = b->state;
		r = dir_find_in(fs, b, name, len, p);
		if (r == -ENOENT && !held)
			b->held = 0; // very many may be looked at
	}
	return r;
}

int dir_append(struct ext4 *fs, struct inode *dir, struct buf **b)
{
	uint64_t size = inode_size(dir);
	struct run run;
	int r = inode_change(fs, dir);

	if (!r && size >= (1ull << 31))
		r = -ENOSPC; // more than that is the feature large_dir
	if (!r)
		r = map_alloc(fs, dir, (uint32_t)(size >> fs->bits), 1, false, &run);
	if (!r)
		r = buf_new(fs, run.block, KIND_DIR, dir->seed, b);
	if (r)
		return r;
	dir_block_init(fs, *b, 0);
	inode_set_size(fs, dir, size + fs->bs);
	return 0;
}

// Where there was room the last time is room again, most often: look from the end.
static int add_linear(struct ext4 *fs, struct inode *dir, const char *name, size_t len,
		      uint32_t ino, uint32_t mode)
{
	struct buf *b;
	int r = 0;

	for (uint32_t i = blocks_of(fs, dir); i-- > 0 && !r;) {
		r = dir_block(fs, dir, i, &b);
		if (!r)
			r = dir_put(fs, b, DIRENT_SIZE(len), name, len, ino, mode);
		if (!r && !b->state)
			b->held = 0;
	}
	if (!r)
		r = dir_append(fs, dir, &b);
	if (!r)
		r = dir_put(fs, b, DIRENT_SIZE(len), name, len, ino, mode);
	return MIN(r, 0);
}

// The name is not there yet.
int dir_add(struct ext4 *fs, struct inode *dir, const char *name, size_t len, uint32_t ino,
	    uint32_t mode)
{
	int r = inode_change(fs, dir);

	if (!r)
		r = htree_add(fs, dir, name, len, ino, mode);
	if (r == -EOPNOTSUPP)
		r = add_linear(fs, dir, name, len, ino, mode);
	if (!r)
		inode_touch(fs, dir, true);
	return r;
}

// A new one's first block.
int dir_make(struct ext4 *fs, struct inode *dir, uint32_t parent)
{
	struct disk_dirent *e;
	struct buf *b;
	int r = dir_append(fs, dir, &b);

	if (!r)
		r = dir_put(fs, b, DIRENT_SIZE(1), ".", 1, dir->ino, S_IFDIR);
	if (r == 1)
		r = dir_put(fs, b, DIRENT_SIZE(2), "..", 2, parent, S_IFDIR);
	if (r != 1)
		return MIN(r, 0);
	// The second entry has the rest of the block.
	e = (void *)(b->data + DIRENT_SIZE(1));
	e->rec_len = (uint16_t)(dir_room(fs) - DIRENT_SIZE(1));
	return 0;
}

int dir_dots(struct ext4 *fs, struct inode *dir, struct place *up)
{
	struct buf *b;
	int r = dir_block(fs, dir, 0, &b);

	return r ? r : dir_find_in(fs, b, "..", 2, up);
}

static bool is_dots(const struct disk_dirent *e)
{
	return e->name[0] == '.' && (e->name_len == 1 || (e->name_len == 2 && e->name[1] == '.'));
}

int dir_empty(struct ext4 *fs, struct inode *dir)
{
	for (uint32_t i = 0; i < blocks_of(fs, dir); i++) {
		struct disk_dirent *e;
		uint32_t at = 0;
		struct buf *b;
		int r = dir_block(fs, dir, i, &b);

		if (r)
			return r;
		while ((e = dirent_next(fs, b, &at))) {
			if (e->inode && e->name_len && !is_dots(e))
				return -ENOTEMPTY;
		}
		if (at == UINT32_MAX)
			return ext4_bad(fs, "a directory is damaged", dir->ino);
		if (!b->state)
			b->held = 0;
	}
	return 0;
}
