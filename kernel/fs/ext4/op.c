// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An operation changes buffers, all or none: before a buffer is changed for the first time, a copy
// of it is kept, which comes back if the operation fails. So a full disk, missing memory or a block
// that is not what it should be may turn up anywhere in it.
//
// What an operation gives back (blocks_free) is free in the bitmaps at once, but nobody gets it
// before the transaction is committed: until then a crash would bring the old owner back.
#include <fs/ext4/priv.h>
#include <mm/mm.h>
#include <sched/sched.h>

int op_begin(struct ext4 *fs)
{
	int r = 0;

	kassert(!fs->in_op);
	if (fs->readonly)
		return fs->broken ? -EIO : -EROFS;
	if (!fs->writing)
		r = super_begin(fs);
	if (r)
		return r;
	// What is noted of each freed block of metadata takes room in the journal too.
	if (fs->tx_count + fs->freed_meta / (fs->bs / 16) + OP_BLOCKS > fs->tx_max ||
	    fs->freed_count + OP_FREES > FREED_MAX)
		r = commit(fs);
	if (r)
		return r;
	fs->in_op = true;
	fs->op_lazy = false;
	fs->op_freed = fs->freed_count;
	fs->op_freed_meta = fs->freed_meta;
	fs->op_blocks = fs->blocks_added;
	fs->op_inodes = fs->inodes_added;
	return 0;
}

void tx_add(struct ext4 *fs, struct buf *b)
{
	if (!fs->tx_since)
		fs->tx_since = time_now() | 1;
	fs->tx_needed |= !fs->op_lazy;
	if (b->state & BUF_TX)
		return;
	fs->log_count -= (b->state & BUF_LOG) != 0;
	b->state |= BUF_TX;
	list_del(&b->link);
	list_add_tail(&fs->tx, &b->link);
	fs->tx_count++;
}

static void op_add(struct ext4 *fs, struct buf *b, uint8_t state)
{
	b->was = b->state;
	b->state |= BUF_OP | state;
	b->next_op = fs->op;
	fs->op = b;
	tx_add(fs, b);
}

int op_write(struct ext4 *fs, struct buf *b)
{
	kassert(fs->in_op);
	if (b->state & BUF_OP)
		return 0;
	b->undo = kmalloc(fs->bs);
	if (!b->undo)
		return -ENOMEM;
	memcpy(b->undo, b->data, fs->bs);
	op_add(fs, b, 0);
	return 0;
}

void op_fresh(struct ext4 *fs, struct buf *b)
{
	kassert(fs->in_op);
	op_add(fs, b, BUF_FRESH);
}

static void undo(struct ext4 *fs, struct buf *b)
{
	if (b->state & BUF_FRESH) {
		b->state &= (uint8_t)~(BUF_OP | BUF_FRESH);
		buf_drop(fs, b);
		return;
	}
	memcpy(b->data, b->undo, fs->bs);
	kfree(b->undo);
	b->undo = NULL;
	b->state &= (uint8_t)~BUF_OP;
	if (b->was & BUF_TX)
		return;
	b->state = b->was;
	list_del(&b->link);
	fs->tx_count--;
	if (b->state & BUF_LOG) {
		list_add_tail(&fs->log, &b->link);
		fs->log_count++;
	}
}

// What is in memory of blocks that nobody has any more.
static void forget(struct ext4 *fs, const struct freed *f)
{
	if (f->count > fs->cached) {
		for (struct list *p = fs->lru.next, *next; p != &fs->lru; p = next) {
			struct buf *b = list_entry(p, struct buf, lru);

			next = p->next;
			if (b->block - f->block < f->count)
				buf_drop(fs, b);
		}
		return;
	}
	for (uint32_t i = 0; i < f->count; i++) {
		struct buf *b = buf_find(fs, f->block + i);

		if (b)
			buf_drop(fs, b);
	}
}

int op_end(struct ext4 *fs, int r)
{
	struct buf *next;

	for (struct buf *b = fs->op; b; b = next) {
		next = b->next_op;
		if (r < 0) {
			undo(fs, b);
			continue;
		}
		kfree(b->undo);
		b->undo = NULL;
		b->state &= (uint8_t)~(BUF_OP | BUF_FRESH);
	}
	fs->op = NULL;
	fs->in_op = false;
	if (r < 0) {
		fs->freed_count = fs->op_freed;
		fs->freed_meta = fs->op_freed_meta;
		fs->blocks_added = fs->op_blocks;
		fs->inodes_added = fs->op_inodes;
	}
	for (uint32_t i = fs->op_freed; i < fs->freed_count; i++)
		forget(fs, &fs->freed[i]);
	return r;
}

// On a full disk what the transaction has freed may be enough, once it is committed.
int op_run(struct ext4 *fs, int (*act)(struct ext4 *fs, void *arg), void *arg)
{
	for (bool again = true;; again = false) {
		int r = op_begin(fs);

		if (r)
			return r;
		r = op_end(fs, act(fs, arg));
		if (r != -ENOSPC || !again || !fs->freed_count)
			return r;
		r = commit(fs);
		if (r)
			return r;
	}
}
