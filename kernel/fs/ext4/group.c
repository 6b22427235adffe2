// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Groups of blocks: their descriptors, and their two bitmaps, which may not be on the disk yet.
#include <fs/ext4/priv.h>

int group_get(struct ext4 *fs, uint32_t nr, struct group *g)
{
	uint32_t per_block = fs->bs / fs->desc_size;
	int r;

	if (nr >= fs->groups)
		return ext4_bad(fs, "there is no such group", nr);
	r = buf_get(fs, fs->first_block + 1 + nr / per_block, KIND_GROUPS,
		    nr / per_block * per_block, &g->buf);
	if (r)
		return r;
	g->nr = nr;
	g->d = (void *)(g->buf->data + nr % per_block * fs->desc_size);
	return 0;
}

uint64_t group_first(const struct ext4 *fs, uint32_t nr)
{
	return fs->first_block + (uint64_t)nr * fs->group_blocks;
}

uint32_t group_len(const struct ext4 *fs, uint32_t nr)
{
	return (uint32_t)MIN((uint64_t)fs->group_blocks, fs->blocks - group_first(fs, nr));
}

static uint64_t wide(const struct ext4 *fs, uint32_t lo, uint32_t hi)
{
	return fs->desc_size >= sizeof(struct disk_group) ? lo | (uint64_t)hi << 32 : lo;
}

uint64_t group_block_bitmap(const struct ext4 *fs, const struct group *g)
{
	return wide(fs, g->d->block_bitmap_lo,
		    fs->desc_size > GROUP_OLD_SIZE ? g->d->block_bitmap_hi : 0);
}

uint64_t group_inode_bitmap(const struct ext4 *fs, const struct group *g)
{
	return wide(fs, g->d->inode_bitmap_lo,
		    fs->desc_size > GROUP_OLD_SIZE ? g->d->inode_bitmap_hi : 0);
}

uint64_t group_inode_table(const struct ext4 *fs, const struct group *g)
{
	return wide(fs, g->d->inode_table_lo,
		    fs->desc_size > GROUP_OLD_SIZE ? g->d->inode_table_hi : 0);
}

static uint32_t halves(const struct ext4 *fs, const uint16_t *lo, const uint16_t *hi)
{
	return fs->desc_size > GROUP_OLD_SIZE ? *lo | (uint32_t)*hi << 16 : *lo;
}

static void set_halves(const struct ext4 *fs, uint16_t *lo, uint16_t *hi, uint32_t n)
{
	*lo = (uint16_t)n;
	if (fs->desc_size > GROUP_OLD_SIZE)
		*hi = (uint16_t)(n >> 16);
}

uint32_t group_free_blocks(const struct ext4 *fs, const struct group *g)
{
	return halves(fs, &g->d->free_blocks_lo, &g->d->free_blocks_hi);
}

uint32_t group_free_inodes(const struct ext4 *fs, const struct group *g)
{
	return halves(fs, &g->d->free_inodes_lo, &g->d->free_inodes_hi);
}

void group_add(struct ext4 *fs, struct group *g, int blocks, int inodes, int dirs)
{
	struct disk_group *d = g->d;
	uint32_t b = group_free_blocks(fs, g) + (uint32_t)blocks;
	uint32_t i = group_free_inodes(fs, g) + (uint32_t)inodes;
	uint32_t k = halves(fs, &d->used_dirs_lo, &d->used_dirs_hi) + (uint32_t)dirs;

	fs->blocks_added += blocks;
	fs->inodes_added += inodes;
	set_halves(fs, &d->free_blocks_lo, &d->free_blocks_hi, b);
	set_halves(fs, &d->free_inodes_lo, &d->free_inodes_hi, i);
	set_halves(fs, &d->used_dirs_lo, &d->used_dirs_hi, k);
}

// How many inodes at the end of the table were never used.
uint32_t group_unused(const struct ext4 *fs, const struct group *g)
{
	return fs->csum || fs->gdt_csum ?
		       halves(fs, &g->d->itable_unused_lo, &g->d->itable_unused_hi) : 0;
}

void group_set_unused(const struct ext4 *fs, struct group *g, uint32_t n)
{
	set_halves(fs, &g->d->itable_unused_lo, &g->d->itable_unused_hi, n);
}

static bool power_of(uint32_t n, uint32_t base)
{
	while (n % base == 0)
		n /= base;
	return n == 1;
}

// Documentation/filesystems/ext4/blockgroup.rst, "sparse_super".
bool group_has_super(const struct ext4 *fs, uint32_t nr)
{
	if (nr == 0)
		return true;
	if (fs->compat & COMPAT_SPARSE_SUPER2)
		return nr == fs->backups[0] || nr == fs->backups[1];
	if (nr == 1 || !(fs->ro & RO_SPARSE_SUPER))
		return true;
	return power_of(nr, 3) || power_of(nr, 5) || power_of(nr, 7);
}

static void mark(struct ext4 *fs, uint32_t nr, uint8_t *map, uint64_t block, uint32_t count)
{
	uint64_t first = group_first(fs, nr), end = first + group_len(fs, nr);

	for (; count; count--, block++) {
		if (block >= first && block < end)
			bits_set(map, (uint32_t)(block - first), 1, true);
	}
}

// A bitmap of blocks that is not on the disk: only what the layout puts into the group is in use.
static void init_blocks(struct ext4 *fs, struct group *g, uint8_t *map)
{
	uint32_t table = (fs->groups * fs->desc_size + fs->bs - 1) / fs->bs;
	uint32_t len = group_len(fs, g->nr);

	memset(map, 0, fs->bs);
	bits_set(map, len, fs->bs * 8 - len, true);
	if (group_has_super(fs, g->nr))
		bits_set(map, 0, MIN(1 + table + fs->reserved_gdt, len), true);
	mark(fs, g->nr, map, group_block_bitmap(fs, g), 1);
	mark(fs, g->nr, map, group_inode_bitmap(fs, g), 1);
	mark(fs, g->nr, map, group_inode_table(fs, g),
	     (fs->group_inodes * fs->inode_size + fs->bs - 1) / fs->bs);
}

static void init_inodes(struct ext4 *fs, uint8_t *map)
{
	memset(map, 0, fs->bs);
	bits_set(map, fs->group_inodes, fs->bs * 8 - fs->group_inodes, true);
}

static bool sum_ok(struct ext4 *fs, struct group *g, const struct buf *b)
{
	const struct disk_group *d = g->d;
	bool inodes = b->kind == KIND_INODE_BITMAP;
	uint32_t sum = inodes ? d->inode_bitmap_csum_lo : d->block_bitmap_csum_lo;

	if (!fs->csum || b->state)
		return true;
	if (fs->desc_size > GROUP_OLD_SIZE)
		sum |= (uint32_t)(inodes ? d->inode_bitmap_csum_hi : d->block_bitmap_csum_hi) << 16;
	return sum == bitmap_sum(fs, b);
}

// To be changed, in an operation, with the descriptor. The bitmap is in memory already if somebody
// has looked at it; then its sum was right.
int group_bitmap(struct ext4 *fs, struct group *g, bool inodes, struct buf **b)
{
	uint16_t uninit = inodes ? GROUP_INODE_UNINIT : GROUP_BLOCK_UNINIT;
	uint64_t block = inodes ? group_inode_bitmap(fs, g) : group_block_bitmap(fs, g);
	enum kind kind = inodes ? KIND_INODE_BITMAP : KIND_BLOCK_BITMAP;
	const struct buf *old = buf_find(fs, block);
	bool known = old && old->kind == kind && old->seed == g->nr;
	int r;

	if (!(fs->csum || fs->gdt_csum) || !(g->d->flags & uninit)) {
		r = buf_get(fs, block, kind, g->nr, b);
		if (!r && !known && !sum_ok(fs, g, *b)) {
			buf_drop(fs, *b);
			r = ext4_bad(fs, "a bitmap has the wrong checksum", block);
		}
		return r;
	}
	r = op_write(fs, g->buf);
	if (!r)
		r = buf_new(fs, block, kind, g->nr, b);
	if (r)
		return r;
	g->d->flags &= (uint16_t)~uninit;
	if (inodes)
		init_inodes(fs, (*b)->data);
	else
		init_blocks(fs, g, (*b)->data);
	return 0;
}

int group_edit(struct ext4 *fs, uint32_t nr, bool inodes, struct group *g, struct buf **map)
{
	int r = group_get(fs, nr, g);

	if (!r)
		r = group_bitmap(fs, g, inodes, map);
	if (!r)
		r = op_write(fs, *map);
	return r ? r : op_write(fs, g->buf);
}
