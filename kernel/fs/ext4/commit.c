// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The end of a transaction, in this order:
//   1. data of files (it must be there before anything refers to it)
//   2. the changed blocks of metadata, into the journal
//   3. flush; the commit record; flush: now, and not before, it has happened
// Later, and not before: 4. the same blocks in place (checkpoint); flush; the journal is empty.
// Without a journal: 1, then the blocks in place, flush.
//
// An error on the way is the end of writing: the disk has the last transaction that was committed,
// and what came later is lost, but nothing is half there.
#include <fs/ext4/priv.h>

int data_flush(struct ext4 *fs)
{
	int r = write_list(fs, &fs->dirty, fs->dirty_count);

	if (r) {
		ext4_break(fs, "data could not be written");
		return r;
	}
	while (!list_empty(&fs->dirty)) {
		struct buf *b = list_first(&fs->dirty, struct buf, link);

		list_del(&b->link);
		b->state &= (uint8_t)~BUF_DIRTY;
	}
	fs->dirty_count = 0;
	return 0;
}

static void sum_all(struct ext4 *fs)
{
	for (int groups = 0; groups < 2; groups++) {
		list_for_each(p, &fs->tx) {
			struct buf *b = list_entry(p, struct buf, link);

			if ((b->kind == KIND_GROUPS) == groups)
				buf_sum(fs, b);
		}
	}
}

// What is committed is in the journal only, or (without one) where it belongs.
static void settle(struct ext4 *fs)
{
	while (!list_empty(&fs->tx)) {
		struct buf *b = list_first(&fs->tx, struct buf, link);

		list_del(&b->link);
		b->state = fs->journal.on ? BUF_LOG : 0;
		b->changed = 0;
		if (fs->journal.on) {
			list_add_tail(&fs->log, &b->link);
			fs->log_count++;
		}
	}
	fs->tx_count = 0;
	fs->tx_since = 0;
	fs->tx_needed = false;
	fs->freed_count = 0;
	fs->freed_meta = 0;
}

int checkpoint(struct ext4 *fs)
{
	int r = write_list(fs, &fs->log, fs->log_count);

	kassert(!fs->tx_count);
	if (!r)
		r = dev_flush(fs);
	if (!r)
		r = journal_set_tail(fs, fs->journal.head);
	if (r) {
		ext4_break(fs, "its journal could not be emptied");
		return r;
	}
	while (!list_empty(&fs->log)) {
		struct buf *b = list_first(&fs->log, struct buf, link);

		list_del(&b->link);
		b->state &= (uint8_t)~BUF_LOG;
	}
	fs->log_count = 0;
	return 0;
}

int commit(struct ext4 *fs)
{
	int r = 0;

	if (fs->broken)
		return -EIO;
	if (fs->tx_count)
		r = super_counts(fs);
	if (r)
		return r; // no memory: nothing has happened yet
	r = data_flush(fs);
	if (!r && fs->tx_count) {
		sum_all(fs);
		r = fs->journal.on ? journal_write(fs) : write_list(fs, &fs->tx, fs->tx_count);
	}
	if (!r)
		r = dev_flush(fs);
	if (r) {
		ext4_break(fs, "a transaction could not be written");
		return r;
	}
	settle(fs);
	if (fs->journal.on &&
	    (journal_room(fs) < fs->journal.len / 2 || fs->log_count > fs->cache_max / 2))
		r = checkpoint(fs);
	return r;
}
