// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The superblock: the shape of the file system, checked once; whether it is clean; how much is free.
#include <fs/ext4/priv.h>
#include <fs/ext4/journal.h>
#include <mm/mm.h>

int ext4_bad(struct ext4 *fs, const char *what, uint64_t where)
{
	ext4_say(fs, "%s (%lu): it is damaged, run e2fsck", what, (unsigned long)where);
	return -EUCLEAN;
}

void ext4_break(struct ext4 *fs, const char *why)
{
	if (!fs->broken)
		ext4_say(fs, "%s: nothing more is written to it", why);
	fs->readonly = fs->broken = true;
}

int super_get(struct ext4 *fs, struct buf **b, struct disk_super **s)
{
	int r = buf_get(fs, fs->first_block, KIND_SUPER, 0, b);

	if (!r)
		*s = (void *)((*b)->data + (fs->bs == SUPER_OFFSET ? 0 : SUPER_OFFSET));
	return r;
}

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
static int super_read(struct ext4 *fs, bool sure)
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
		r = features_check(fs, s);
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

static int replay(struct ext4 *fs)
{
	bool csum = fs->csum, gdt_csum = fs->gdt_csum;
	int r;

	fs->csum = fs->gdt_csum = false;
	r = journal_open(fs);
	fs->csum = csum;
	fs->gdt_csum = gdt_csum;
	if (r == -EOPNOTSUPP && fs->readonly && !fs->journal.super->start)
		return 0; // who only reads needs no journal that is empty
	if (r || !fs->journal.super->start)
		return r;
	if (fs->dev->readonly) {
		ext4_say(fs, "its journal must be replayed, and the disk can only be read");
		return -EROFS;
	}
	if (fs->journal.incompat & JOURNAL_ASYNC_COMMIT) {
		ext4_say(fs, "its journal has async_commit, which is not there: run e2fsck");
		return -EOPNOTSUPP;
	}
	return journal_recover(fs);
}

static void drop_all(struct ext4 *fs)
{
	while (!list_empty(&fs->lru))
		buf_drop(fs, list_first(&fs->lru, struct buf, lru));
}

static int mount_rest(struct ext4 *fs)
{
	int r;

	r = fs->compat & COMPAT_HAS_JOURNAL ? replay(fs) : 0;
	if (r)
		return r;
	drop_all(fs);
	r = super_read(fs, true);
	if (r)
		return r;
	fs->journal.on = (fs->compat & COMPAT_HAS_JOURNAL) && !fs->readonly;
	// A transaction and what comes with it is at most half of the journal.
	fs->tx_max = fs->cache_max / 4;
	if (fs->journal.on)
		fs->tx_max = MIN(fs->tx_max, fs->journal.len / 4);
	fs->tx_max = MAX(fs->tx_max, OP_BLOCKS + 32);
	if (!fs->journal.on && !fs->readonly)
		ext4_say(fs, "it has no journal: after a crash it needs e2fsck");
	return fs->readonly ? 0 : orphans_process(fs);
}

int ext4_mount(struct blockdev *dev, const struct ext4_options *o, struct ext4 **out)
{
	struct ext4 *fs = kzalloc(sizeof(*fs));
	int r;

	if (!fs)
		return -ENOMEM;
	fs->o = *o;
	fs->dev = dev;
	fs->readonly = o->readonly || dev->readonly;
	list_init(&fs->lru);
	r = super_read(fs, false);
	if (!r)
		r = cache_init(fs);
	if (!r)
		r = nodes_init(fs);
	if (!r)
		r = mount_rest(fs);
	if (r) {
		nodes_free(fs);
		journal_free(fs);
		cache_free(fs);
		kfree(fs->freed);
		kfree(fs);
		return r;
	}
	cache_trim(fs);
	*out = fs;
	return 0;
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

bool ext4_readonly(const struct ext4 *fs)
{
	return fs->readonly;
}

int ext4_unmount(struct ext4 *fs)
{
	int r = fs->broken ? -EIO : 0;

	cache_trim(fs);
	if (fs->writing && !r)
		r = nodes_reap(fs);
	if (fs->writing && !r)
		r = commit(fs);
	if (fs->writing && !r && fs->journal.on)
		r = checkpoint(fs);
	if (fs->writing && !r)
		r = super_end(fs);
	nodes_free(fs);
	journal_free(fs);
	cache_free(fs);
	kfree(fs->freed);
	kfree(fs);
	return r;
}
