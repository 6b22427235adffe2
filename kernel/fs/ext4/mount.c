// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From a disk to a file system, and back: the journal is replayed, what a crash has left half done
// is finished; in the end everything goes to the disk.
#include <fs/ext4/priv.h>
#include <fs/ext4/journal.h>
#include <mm/mm.h>

#define BAD_SAID_MAX 20u // lines; there may be very many

int ext4_bad(struct ext4 *fs, const char *what, uint64_t where)
{
	if (fs->bad_said < BAD_SAID_MAX && ++fs->bad_said)
		ext4_say(fs, "%s (%lu): it is damaged, run e2fsck", what, (unsigned long)where);
	return -EUCLEAN;
}

void ext4_break(struct ext4 *fs, const char *why)
{
	if (!fs->broken)
		ext4_say(fs, "%s: nothing more is written to it", why);
	fs->readonly = fs->broken = true;
}

static int replay(struct ext4 *fs)
{
	bool csum = fs->csum, gdt_csum = fs->gdt_csum;
	int r;

	if (fs->journal.elsewhere && (fs->incompat & INCOMPAT_RECOVER)) {
		ext4_say(fs, "its journal, on another disk, must be replayed: run e2fsck");
		return -EOPNOTSUPP;
	}
	if (fs->journal.elsewhere)
		return 0;
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

static void release(struct ext4 *fs)
{
	nodes_free(fs);
	journal_free(fs);
	cache_free(fs);
	kfree(fs->freed);
	kfree(fs);
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
		release(fs);
		return r;
	}
	cache_trim(fs);
	*out = fs;
	return 0;
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
	release(fs);
	return r;
}
