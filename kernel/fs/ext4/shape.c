// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The shape of a file system, from the superblock: checked once, before anything else is believed.
#include <fs/ext4/priv.h>
#include <mm/mm.h>

static int shape_bad(struct ext4 *fs, const char *what)
{
	ext4_say(fs, "its superblock has an impossible %s", what);
	return -EUCLEAN;
}

static int take_sizes(struct ext4 *fs, const struct disk_super *s)
{
	uint64_t table;

	fs->blocks = s->blocks_count_lo;
	if (fs->incompat & INCOMPAT_64BIT)
		fs->blocks |= (uint64_t)s->blocks_count_hi << 32;
	fs->first_block = s->first_data_block;
	fs->group_blocks = s->blocks_per_group;
	fs->group_inodes = s->inodes_per_group;
	fs->inodes = s->inodes_count;
	if (fs->first_block != (fs->bs == SUPER_OFFSET))
		return shape_bad(fs, "first block");
	if (!fs->group_blocks || fs->group_blocks > fs->bs * 8 || fs->group_blocks % 8)
		return shape_bad(fs, "size of groups");
	if (fs->blocks <= fs->first_block || fs->blocks >> 48 ||
	    fs->blocks > fs->dev->sectors / (fs->bs / SECTOR_SIZE)) {
		ext4_say(fs, "it is larger than its disk");
		return -EUCLEAN;
	}
	if ((fs->blocks - fs->first_block - 1) / fs->group_blocks >= UINT32_MAX / 2)
		return shape_bad(fs, "number of groups");
	fs->groups = (uint32_t)((fs->blocks - fs->first_block - 1) / fs->group_blocks) + 1;
	if (!fs->group_inodes || fs->group_inodes > fs->bs * 8 || fs->group_inodes % 8 ||
	    (uint64_t)fs->group_inodes * fs->groups != fs->inodes || fs->inodes < JOURNAL_INO)
		return shape_bad(fs, "number of inodes");
	table = ((uint64_t)fs->groups * fs->desc_size + fs->bs - 1) / fs->bs;
	if (table >= fs->group_blocks || !block_ok(fs, fs->first_block + 1, table))
		return shape_bad(fs, "number of groups");
	return 0;
}

static int take_shape(struct ext4 *fs, const struct disk_super *s)
{
	bool new = s->rev_level > 0;

	fs->bits = 10 + s->log_block_size;
	fs->bs = 1u << fs->bits;
	fs->compat = new ? s->feature_compat : 0;
	fs->incompat = new ? s->feature_incompat : 0;
	fs->ro = new ? s->feature_ro_compat : 0;
	fs->inode_size = new ? s->inode_size : INODE_OLD_SIZE;
	fs->first_ino = new ? s->first_ino : 11;
	fs->desc_size = fs->incompat & INCOMPAT_64BIT ? s->desc_size : GROUP_OLD_SIZE;
	fs->reserved_gdt = s->reserved_gdt_blocks;
	fs->csum = fs->ro & RO_METADATA_CSUM;
	fs->gdt_csum = !fs->csum && (fs->ro & RO_GDT_CSUM);
	fs->hash_unsigned = s->flags & SUPER_FLAG_UNSIGNED_HASH;
	memcpy(fs->hash_seed, s->hash_seed, sizeof(fs->hash_seed));
	memcpy(fs->backups, s->backup_bgs, sizeof(fs->backups));
	memcpy(fs->uuid, s->uuid, sizeof(fs->uuid));
	fs->seed = fs->incompat & INCOMPAT_CSUM_SEED ? s->checksum_seed
						     : crc32c(~0u, s->uuid, sizeof(s->uuid));
	if (fs->inode_size < INODE_OLD_SIZE || fs->inode_size > fs->bs ||
	    (fs->inode_size & (fs->inode_size - 1)))
		return shape_bad(fs, "size of inodes");
	if (fs->desc_size < GROUP_OLD_SIZE || fs->desc_size > fs->bs ||
	    (fs->desc_size & (fs->desc_size - 1)) ||
	    ((fs->incompat & INCOMPAT_64BIT) && fs->desc_size < sizeof(struct disk_group)))
		return shape_bad(fs, "size of group descriptors");
	fs->extra_isize = fs->inode_size > INODE_OLD_SIZE ? MAX(s->want_extra_isize,
		s->min_extra_isize) : 0;
	if (fs->inode_size > INODE_OLD_SIZE && fs->extra_isize < 28)
		fs->extra_isize = sizeof(struct disk_inode) - INODE_OLD_SIZE;
	if (fs->extra_isize % 4 || fs->extra_isize > fs->inode_size - INODE_OLD_SIZE)
		return shape_bad(fs, "size of inodes");
	if (fs->csum && s->checksum_type != 1)
		return shape_bad(fs, "kind of checksum");
	return take_sizes(fs, s);
}

// Before the journal has been replayed the superblock may be torn, so its checksum is looked at
// only then (`sure`).
int super_read(struct ext4 *fs, bool sure)
{
	struct disk_super *s = kmalloc(sizeof(*s));
	int r = s ? fs->dev->read(fs->dev, SUPER_OFFSET / SECTOR_SIZE, s, sizeof(*s)) : -ENOMEM;

	if (!r && s->magic != SUPER_MAGIC) {
		ext4_say(fs, "there is no ext2, ext3 or ext4 file system on the disk");
		r = -EINVAL;
	}
	if (!r && (s->rev_level > 1 || s->log_block_size > 2)) {
		ext4_say(fs, "only revisions 0 and 1, and blocks of 1, 2 and 4 KiB, are there");
		r = -EOPNOTSUPP;
	}
	if (!r)
		r = features_check(fs, s, sure);
	if (!r)
		r = take_shape(fs, s);
	if (!r && fs->csum && sure && s->checksum != super_sum(s)) {
		ext4_say(fs, "its superblock has the wrong checksum: run e2fsck");
		r = -EUCLEAN;
	}
	if (!r && sure && !(fs->compat & COMPAT_HAS_JOURNAL) && !(s->state & STATE_VALID)) {
		ext4_say(fs, "it was not unmounted cleanly and has no journal: run e2fsck; until "
			     "then it can only be read");
		fs->readonly = true;
	}
	if (!r && sure && (s->state & STATE_ERRORS))
		ext4_say(fs, "errors were found in it before: run e2fsck");
	kfree(s);
	return r;
}
