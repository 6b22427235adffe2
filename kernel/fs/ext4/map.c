// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where a file's blocks are: by extents or by indirect blocks.
#include <fs/ext4/priv.h>

int map_get(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t max, struct run *run)
{
	int r = inode_extents(in) ? extent_get(fs, in, at, max, run)
				  : indirect_get(fs, in, at, max, run);

	if (!r && run->block && !block_ok(fs, run->block, run->len))
		return ext4_bad(fs, "a file has blocks outside the disk", in->ino);
	return r;
}

// Behind the block before it is the best place.
static uint64_t goal_of(struct ext4 *fs, struct inode *in, uint32_t at)
{
	struct run run;

	if (at && !map_get(fs, in, at - 1, 1, &run) && run.block)
		return run.block + 1;
	return inode_goal(fs, in);
}

int map_alloc(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t want, bool unwritten,
	      struct run *run)
{
	int r = inode_change(fs, in);

	if (r)
		return r;
	if (!inode_extents(in))
		return unwritten ? -EOPNOTSUPP : indirect_alloc(fs, in, at, want, run);
	r = blocks_alloc(fs, goal_of(fs, in, at), want, run);
	if (!r)
		r = extent_add(fs, in, at, run->block, run->len, unwritten);
	if (!r)
		inode_add_blocks(fs, in, run->len);
	return r;
}

int map_written(struct ext4 *fs, struct inode *in, uint32_t at, uint32_t len)
{
	int r = inode_change(fs, in);

	return r ? r : extent_written(fs, in, at, len);
}

int map_free(struct ext4 *fs, struct inode *in, uint32_t from, uint32_t to)
{
	int r = inode_change(fs, in);

	if (r || from >= to)
		return r;
	return inode_extents(in) ? extent_free(fs, in, from, to) : indirect_free(fs, in, from, to);
}
