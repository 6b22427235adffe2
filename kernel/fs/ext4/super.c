// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The superblock while it is mounted: whether it is clean, and how much is free.
#include <fs/ext4/priv.h>
#include <mm/mm.h>

int super_get(struct ext4 *fs, struct buf **b, struct disk_super **s)
{
	int r = buf_get(fs, fs->first_block, KIND_SUPER, 0, b);

	if (!r)
		*s = (void *)((*b)->data + (fs->bs == SUPER_OFFSET ? 0 : SUPER_OFFSET));
	return r;
}

static void put_counts(const struct ext4 *fs, struct disk_super *s, uint64_t blocks,
		       uint64_t inodes)
{
	s->free_blocks_count_lo = (uint32_t)blocks;
	if (fs->incompat & INCOMPAT_64BIT)
		s->free_blocks_count_hi = (uint32_t)(blocks >> 32);
	s->free_inodes_count = (uint32_t)inodes;
}

// From the groups, which are what counts: Linux may have left others in the superblock.
static int count_free(struct ext4 *fs)
{
	uint64_t blocks = 0, inodes = 0;
	struct disk_super *s;
	struct group g;
	struct buf *b;
	int r = super_get(fs, &b, &s);

	for (uint32_t i = 0; i < fs->groups && !r; i++) {
		r = group_get(fs, i, &g);
		if (!r) {
			blocks += group_free_blocks(fs, &g);
			inodes += group_free_inodes(fs, &g);
		}
	}
	if (!r)
		put_counts(fs, s, blocks, inodes);
	return r;
}

int super_counts(struct ext4 *fs)
{
	struct disk_super *s;
	struct buf *b;
	uint64_t blocks;
	int r = fs->blocks_added || fs->inodes_added ? super_get(fs, &b, &s) : 0;

	if (r || !(fs->blocks_added || fs->inodes_added))
		return r;
	blocks = s->free_blocks_count_lo;
	if (fs->incompat & INCOMPAT_64BIT)
		blocks |= (uint64_t)s->free_blocks_count_hi << 32;
	put_counts(fs, s, blocks + (uint64_t)fs->blocks_added,
		   s->free_inodes_count + (uint64_t)fs->inodes_added);
	fs->blocks_added = fs->inodes_added = 0;
	tx_add(fs, b);
	return 0;
}

// The superblock at once, not as part of a transaction: there is none then.
static int super_store(struct ext4 *fs, bool begin)
{
	struct disk_super *s;
	struct buf *b;
	int r = super_get(fs, &b, &s);

	if (r)
		return r;
	kassert(!b->state);
	if (fs->compat & COMPAT_HAS_JOURNAL)
		s->feature_incompat = begin ? s->feature_incompat | INCOMPAT_RECOVER :
					      s->feature_incompat & ~(uint32_t)INCOMPAT_RECOVER;
	else
		s->state = begin ? s->state & (uint16_t)~STATE_VALID : s->state | STATE_VALID;
	if (begin)
		s->mtime = (uint32_t)(wall_now() / 1000000000);
	s->wtime = (uint32_t)(wall_now() / 1000000000);
	buf_sum(fs, b);
	r = dev_write(fs, b->block, b->data, fs->bs);
	return r ? r : dev_flush(fs);
}

int super_begin(struct ext4 *fs)
{
	int r = 0;

	if (!fs->freed)
		fs->freed = kmalloc(FREED_MAX * sizeof(*fs->freed));
	if (!fs->freed)
		return -ENOMEM;
	r = count_free(fs);
	if (r)
		return r;
	r = super_store(fs, true);
	if (!r && fs->journal.on)
		r = journal_start(fs);
	if (r)
		ext4_break(fs, "it could not be marked as being in use");
	fs->writing = !r;
	return r;
}

int super_end(struct ext4 *fs)
{
	int r = fs->journal.on ? journal_stop(fs) : 0;

	return r ? r : super_store(fs, false);
}
