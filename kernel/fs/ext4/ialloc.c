// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Inodes that come and go. A file goes into its directory's group, so that what is used together is
// near; directories of the root are spread.
#include <fs/ext4/priv.h>

uint64_t inode_goal(const struct ext4 *fs, const struct inode *in)
{
	uint32_t nr = (in->ino - 1) / fs->group_inodes;

	return group_first(fs, nr) + (in->ino * 17u) % (fs->group_blocks / 4);
}

static bool roomy(struct ext4 *fs, uint32_t nr)
{
	struct group g;

	return !group_get(fs, nr, &g) && group_free_inodes(fs, &g) > fs->group_inodes / 4 &&
	       group_free_blocks(fs, &g) > fs->group_blocks / 4;
}

static uint32_t first_group(struct ext4 *fs, uint32_t parent, bool dir)
{
	if (!dir || parent != ROOT_INO)
		return (parent - 1) / fs->group_inodes;
	for (uint32_t i = 0; i < MIN(fs->groups, 64u); i++) {
		fs->dir_group = (fs->dir_group + 1) % fs->groups;
		if (roomy(fs, fs->dir_group))
			break;
	}
	return fs->dir_group;
}

// Takes an inode of a group. 1: there is none.
static int take(struct ext4 *fs, uint32_t nr, bool dir, uint32_t *ino)
{
	uint32_t at, from = nr ? 0 : fs->first_ino - 1;
	struct buf *map, *blocks;
	struct group g;
	int r = group_get(fs, nr, &g);

	if (r || !group_free_inodes(fs, &g))
		return r ? r : 1;
	r = group_bitmap(fs, &g, true, &map);
	if (r)
		return r;
	at = bits_next(map->data, from, fs->group_inodes, false);
	if (at == fs->group_inodes) {
		if (!map->state)
			map->held = 0;
		return 1;
	}
	r = op_write(fs, map);
	if (!r)
		r = op_write(fs, g.buf);
	// As Linux: a group with an inode has a bitmap of blocks too.
	if (!r && (fs->csum || fs->gdt_csum) && (g.d->flags & GROUP_BLOCK_UNINIT))
		r = group_bitmap(fs, &g, false, &blocks);
	if (r)
		return r;
	bits_set(map->data, at, 1, true);
	group_add(fs, &g, 0, -1, dir);
	if ((fs->csum || fs->gdt_csum) && fs->group_inodes - group_unused(fs, &g) <= at)
		group_set_unused(fs, &g, fs->group_inodes - at - 1);
	*ino = nr * fs->group_inodes + at + 1;
	return 0;
}

static int fill(struct ext4 *fs, uint32_t ino, uint32_t mode, struct inode *in)
{
	uint32_t per_block = fs->bs / fs->inode_size, index = (ino - 1) % fs->group_inodes;
	struct group g;
	int r = group_get(fs, (ino - 1) / fs->group_inodes, &g);

	if (!r)
		r = buf_get(fs, group_inode_table(fs, &g) + index / per_block, KIND_INODES,
			    ino - index % per_block, &in->buf);
	if (r)
		return r;
	in->ino = ino;
	in->raw = (void *)(in->buf->data + index % per_block * fs->inode_size);
	r = inode_change(fs, in);
	if (r)
		return r;
	memset(in->raw, 0, fs->inode_size);
	in->raw->mode = (uint16_t)mode;
	in->raw->uid_lo = (uint16_t)fs->o.uid;
	in->raw->uid_hi = (uint16_t)(fs->o.uid >> 16);
	in->raw->gid_lo = (uint16_t)fs->o.gid;
	in->raw->gid_hi = (uint16_t)(fs->o.gid >> 16);
	in->raw->links = 1;
	in->raw->generation = (uint32_t)random_u64();
	if (fs->inode_size > INODE_OLD_SIZE)
		in->raw->extra_isize = (uint16_t)fs->extra_isize;
	in->seed = fs->csum ? inode_seed(fs, ino, in->raw->generation) : ino;
	inode_touch(fs, in, true);
	inode_set_time(fs, in, TIME_A, inode_time(fs, in, TIME_M));
	if (fs->inode_size > INODE_OLD_SIZE)
		inode_set_time(fs, in, TIME_CREATED, inode_time(fs, in, TIME_M));
	if ((fs->incompat & INCOMPAT_EXTENTS) && (S_ISREG(mode) || S_ISDIR(mode) || S_ISLNK(mode)))
		extent_init(in->raw);
	return 0;
}

int inode_alloc(struct ext4 *fs, uint32_t parent, uint32_t mode, struct inode *in)
{
	uint32_t first = first_group(fs, parent, S_ISDIR(mode)), ino;

	for (uint32_t i = 0; i < fs->groups; i++) {
		uint32_t nr = (uint32_t)(((uint64_t)first + i) % fs->groups);
		int r = take(fs, nr, S_ISDIR(mode), &ino);

		if (r <= 0)
			return r ? r : fill(fs, ino, mode, in);
	}
	return -ENOSPC;
}

static int free_xattr(struct ext4 *fs, struct inode *in)
{
	uint64_t block = in->raw->file_acl_lo;
	struct xattr_header *h;
	struct buf *b;
	int r;

	if (fs->incompat & INCOMPAT_64BIT)
		block |= (uint64_t)in->raw->file_acl_hi << 32;
	if (!block)
		return 0;
	r = buf_get(fs, block, KIND_XATTR, 0, &b);
	if (!r)
		r = op_write(fs, b);
	if (r)
		return r;
	h = (void *)b->data;
	if (h->magic != XATTR_MAGIC || !h->refcount)
		return ext4_bad(fs, "a block of extended attributes is none", block);
	inode_add_blocks(fs, in, -1);
	in->raw->file_acl_lo = 0;
	in->raw->file_acl_hi = 0;
	if (--h->refcount)
		return 0;
	return blocks_free(fs, block, 1, true);
}

// Its blocks are gone already. The inode says when it was deleted, as e2fsck wants it.
int inode_free(struct ext4 *fs, struct inode *in)
{
	uint32_t nr = (in->ino - 1) / fs->group_inodes, at = (in->ino - 1) % fs->group_inodes;
	struct group g;
	struct buf *map;
	int r = inode_change(fs, in);

	if (!r)
		r = free_xattr(fs, in);
	if (!r)
		r = group_edit(fs, nr, true, &g, &map);
	if (r)
		return r;
	if (!bit_test(map->data, at))
		return ext4_bad(fs, "an inode that is in use was free", in->ino);
	bits_set(map->data, at, 1, false);
	group_add(fs, &g, 0, 1, S_ISDIR(in->raw->mode) ? -1 : 0);
	in->raw->links = 0;
	in->raw->dtime = (uint32_t)(wall_now() / 1000000000);
	inode_set_size(fs, in, 0);
	return 0;
}
