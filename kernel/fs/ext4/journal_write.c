// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A transaction in the log: revoke blocks (blocks that were metadata and are free now: what older
// transactions have of them must not be replayed over what will be there), descriptors, each
// followed by the blocks that it names, and behind a flush the commit record.
#include <fs/ext4/priv.h>
#include <fs/ext4/journal.h>

struct writer {
	struct ext4 *fs;
	struct stage stage;
	uint8_t *block;  // a descriptor, or a revoke or commit record
	uint32_t used;   // bytes of it
	uint32_t at;     // where in the log it goes
};

static int put(struct writer *w, uint32_t at, const void *data)
{
	return stage_put(w->fs, &w->stage, journal_block(w->fs, at), data);
}

static uint32_t take(struct writer *w)
{
	struct journal *j = &w->fs->journal;
	uint32_t at = j->head;

	j->head = journal_next(w->fs, at);
	j->tail_used++;
	return at;
}

static void record_begin(struct writer *w, enum journal_block type, uint32_t header)
{
	const struct journal *j = &w->fs->journal;
	struct journal_header *h = (void *)w->block;

	memset(w->block, 0, w->fs->bs);
	h->magic = be32(JOURNAL_MAGIC);
	h->type = be32(type);
	h->sequence = be32(j->sequence);
	w->used = header;
	w->at = take(w);
}

// Bytes that may be used: the last four are the checksum.
static uint32_t record_room(const struct writer *w)
{
	return w->fs->bs - (journal_summed(w->fs) ? 4 : 0);
}

static int record_end(struct writer *w)
{
	if (journal_summed(w->fs)) {
		uint32_t sum = crc32c(w->fs->journal.seed, w->block, w->fs->bs);

		sum = be32(sum);
		memcpy(w->block + w->fs->bs - 4, &sum, 4);
	}
	return put(w, w->at, w->block);
}

static int write_revokes(struct writer *w)
{
	struct ext4 *fs = w->fs;
	uint32_t size = fs->journal.incompat & JOURNAL_64BIT ? 8 : 4;
	struct journal_revoke *h = (void *)w->block;
	int r = 0;

	w->used = 0;
	for (uint32_t i = 0; i < fs->freed_count && !r; i++) {
		uint32_t count = fs->freed[i].meta ? fs->freed[i].count : 0;

		for (uint32_t k = 0; k < count && !r; k++) {
			uint64_t block = fs->freed[i].block + k;
			uint64_t wide = be64(block);
			uint32_t narrow = be32((uint32_t)block);

			if (!w->used)
				record_begin(w, JOURNAL_REVOKE, sizeof(*h));
			memcpy(w->block + w->used, size == 8 ? (void *)&wide : &narrow, size);
			w->used += size;
			h->len = be32(w->used);
			if (w->used + size > record_room(w)) {
				r = record_end(w);
				w->used = 0;
			}
		}
	}
	return w->used && !r ? record_end(w) : r;
}

static void put_tag(struct writer *w, const struct buf *b, uint32_t flags, const void *data)
{
	const struct journal *j = &w->fs->journal;
	uint32_t sequence = be32(j->sequence), sum = 0, size = journal_tag_size(w->fs);
	uint8_t *at = w->block + w->used;

	if (journal_summed(w->fs))
		sum = crc32c(crc32c(j->seed, &sequence, 4), data, w->fs->bs);
	if (j->incompat & JOURNAL_CSUM_V3) {
		struct journal_tag3 t = { be32((uint32_t)b->block), be32(flags),
					  be32((uint32_t)(b->block >> 32)), be32(sum) };

		memcpy(at, &t, sizeof(t));
	} else {
		struct journal_tag t = { be32((uint32_t)b->block), be16((uint16_t)sum),
					 be16((uint16_t)flags), be32((uint32_t)(b->block >> 32)) };

		memcpy(at, &t, MIN(size, (uint32_t)sizeof(t)));
	}
	w->used += size;
	if (!(flags & TAG_SAME_UUID)) {
		memcpy(w->block + w->used, j->super->uuid, 16);
		w->used += 16;
	}
}

// A descriptor for the buffers from *p on, as many as fit, and these.
static int write_some(struct writer *w, struct list **p, uint8_t *copy)
{
	struct ext4 *fs = w->fs;
	struct list *first = *p, *l;
	uint32_t size = journal_tag_size(fs), count = 0, room;
	int r = 0;

	record_begin(w, JOURNAL_DESCRIPTOR, sizeof(struct journal_header));
	room = record_room(w) - w->used - 16;
	for (l = first; l != &fs->tx && (count + 1) * size <= room; l = l->next)
		count++;
	*p = l;
	// The tags are complete before the descriptor goes, and it goes before its blocks.
	for (int pass = 0; pass < 2 && !r; pass++) {
		uint32_t i = 0;

		for (l = first; l != *p && !r; l = l->next, i++) {
			struct buf *b = list_entry(l, struct buf, link);
			uint32_t magic = be32(JOURNAL_MAGIC), flags;
			bool escape = !memcmp(b->data, &magic, 4);

			memcpy(copy, b->data, fs->bs);
			if (escape)
				memset(copy, 0, 4);
			flags = (escape ? TAG_ESCAPED : 0) | (i ? TAG_SAME_UUID : 0) |
				(i + 1 == count ? TAG_LAST : 0);
			if (pass)
				r = put(w, take(w), copy);
			else
				put_tag(w, b, flags, copy);
		}
		if (!pass)
			r = record_end(w);
	}
	return r;
}

static int write_commit(struct writer *w)
{
	struct journal_commit *c = (void *)w->block;
	uint64_t now = (uint64_t)wall_now();

	record_begin(w, JOURNAL_COMMIT, 0);
	c->sec = be64(now / 1000000000);
	c->nsec = be32((uint32_t)(now % 1000000000));
	if (journal_summed(w->fs))
		c->checksum[0] = be32(crc32c(w->fs->journal.seed, w->block, w->fs->bs));
	return put(w, w->at, w->block);
}

// Blocks of the log, at most.
static uint64_t room_needed(const struct ext4 *fs)
{
	return fs->freed_meta / ((fs->bs - 32) / 8) + 1 + fs->tx_count +
	       fs->tx_count / ((fs->bs - 64) / sizeof(struct journal_tag3)) + 1 + 1;
}

int journal_write(struct ext4 *fs)
{
	struct writer w = { .fs = fs, .block = (uint8_t *)fs->journal.super + fs->bs };
	int r = room_needed(fs) <= journal_room(fs) ? write_revokes(&w) : -ENOSPC;

	for (struct list *p = fs->tx.next; p != &fs->tx && !r;)
		r = write_some(&w, &p, w.block + fs->bs);
	if (!r)
		r = stage_end(fs, &w.stage);
	if (!r)
		r = dev_flush(fs);
	if (!r)
		r = write_commit(&w);
	if (!r)
		r = stage_end(fs, &w.stage);
	fs->journal.sequence++;
	return r;
}
