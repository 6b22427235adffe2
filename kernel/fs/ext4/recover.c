// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Replaying the log after a crash, in three passes over it: how far it is committed (and whether
// what is committed is what was written); which blocks are revoked, by which transaction; and then
// every block that is not revoked by its own transaction or a later one goes in place. Doing it
// twice is as good as once, so a crash meanwhile does no harm.
//
// Nothing in the log is believed: each pass is bounded by the length of the journal.
#include <fs/ext4/priv.h>
#include <fs/ext4/journal.h>
#include <mm/mm.h>

enum pass { SCAN, REVOKE, REPLAY };

struct revoked {
	uint64_t block;
	uint32_t sequence, next;
};

#define BUCKETS 1024u

struct replay {
	struct ext4 *fs;
	enum pass pass;
	uint8_t *block, *data;
	uint32_t at, left;          // where it is, and how many blocks there may be still
	uint32_t sequence, end;     // end: of the first transaction that is not committed
	bool damaged;               // of the transaction that is scanned
	struct revoked *revoked;
	uint32_t revoked_count, revoked_room;
	uint32_t bucket[BUCKETS];   // index + 1
	uint64_t replayed;
};

static int read_next(struct replay *p, uint8_t *to)
{
	uint64_t block = journal_block(p->fs, p->at);

	if (!p->left--)
		return -EUCLEAN;
	p->at = journal_next(p->fs, p->at);
	return block ? dev_read(p->fs, block, to, p->fs->bs) : -EUCLEAN;
}

static struct revoked *find_revoked(struct replay *p, uint64_t block)
{
	uint32_t i = p->bucket[block % BUCKETS];

	while (i && p->revoked[i - 1].block != block)
		i = p->revoked[i - 1].next;
	return i ? &p->revoked[i - 1] : NULL;
}

static int add_revoked(struct replay *p, uint64_t block)
{
	struct revoked *v = find_revoked(p, block);
	uint32_t *bucket = &p->bucket[block % BUCKETS];

	if (v) {
		v->sequence = p->sequence; // transactions come in order
		return 0;
	}
	if (p->revoked_count == p->revoked_room) {
		uint32_t room = p->revoked_room ? p->revoked_room * 2 : 256;

		v = krealloc(p->revoked, room * sizeof(*v));
		if (!v)
			return -ENOMEM;
		p->revoked = v;
		p->revoked_room = room;
	}
	p->revoked[p->revoked_count++] = (struct revoked){ block, p->sequence, *bucket };
	*bucket = p->revoked_count;
	return 0;
}

// The last four bytes of a record are its checksum.
static bool record_ok(struct replay *p)
{
	uint8_t *end = p->block + p->fs->bs - 4;
	uint32_t sum, zero = 0;

	if (!journal_summed(p->fs))
		return true;
	memcpy(&sum, end, 4);
	memcpy(end, &zero, 4);
	return be32(sum) == crc32c(p->fs->journal.seed, p->block, p->fs->bs);
}

static bool commit_ok(struct replay *p)
{
	struct journal_commit *c = (void *)p->block;
	uint32_t sum = be32(c->checksum[0]);

	if (!journal_summed(p->fs))
		return true;
	c->checksum[0] = 0;
	return sum == crc32c(p->fs->journal.seed, p->block, p->fs->bs);
}

static int revokes(struct replay *p)
{
	uint32_t size = p->fs->journal.incompat & JOURNAL_64BIT ? 8 : 4;
	const struct journal_revoke *h = (const void *)p->block;
	uint32_t end = be32(h->len);
	int r = 0;

	if (end > p->fs->bs)
		return -EUCLEAN;
	for (uint32_t at = sizeof(*h); at + size <= end && !r; at += size) {
		uint64_t wide;
		uint32_t narrow;

		memcpy(&wide, p->block + at, size);
		memcpy(&narrow, p->block + at, 4);
		r = add_revoked(p, size == 8 ? be64(wide) : be32(narrow));
	}
	return r;
}

struct tag {
	uint64_t block;
	uint32_t flags, sum;
};

static uint64_t tag_block(bool wide, uint32_t lo, uint32_t hi)
{
	return be32(lo) | (uint64_t)(wide ? be32(hi) : 0) << 32;
}

static struct tag tag_at(const struct replay *p, uint32_t at)
{
	uint32_t features = p->fs->journal.incompat;
	struct journal_tag3 t3;
	struct journal_tag t;
	bool wide = features & JOURNAL_64BIT;

	if (features & JOURNAL_CSUM_V3) {
		memcpy(&t3, p->block + at, sizeof(t3));
		return (struct tag){ tag_block(wide, t3.block, t3.block_hi), be32(t3.flags),
				     be32(t3.checksum) };
	}
	t.block_hi = 0;
	memcpy(&t, p->block + at, wide ? 12 : 8);
	return (struct tag){ tag_block(wide, t.block, t.block_hi), be16(t.flags),
			     be16(t.checksum) };
}

static bool sum_ok(const struct replay *p, const struct tag *t)
{
	uint32_t sequence = be32(p->sequence), sum;

	if (!journal_summed(p->fs))
		return true;
	sum = crc32c(crc32c(p->fs->journal.seed, &sequence, 4), p->data, p->fs->bs);
	return t->sum == (p->fs->journal.incompat & JOURNAL_CSUM_V3 ? sum : sum & 0xffff);
}

static int in_place(struct replay *p, const struct tag *t)
{
	struct revoked *v = find_revoked(p, t->block);
	uint32_t magic = be32(JOURNAL_MAGIC);

	if (v && (int32_t)(v->sequence - p->sequence) >= 0)
		return 0;
	if (t->block >= p->fs->blocks)
		return -EUCLEAN;
	if (t->flags & TAG_ESCAPED)
		memcpy(p->data, &magic, 4);
	p->replayed++;
	return dev_write(p->fs, t->block, p->data, p->fs->bs);
}

static int tagged(struct replay *p)
{
	uint32_t size = journal_tag_size(p->fs), at = sizeof(struct journal_header);
	uint32_t room = p->fs->bs - (journal_summed(p->fs) ? 4 : 0);
	struct tag t = { .flags = 0 };
	int r = 0;

	for (; !r && at + size <= room && !(t.flags & TAG_LAST); at += size) {
		t = tag_at(p, at);
		if (!(t.flags & TAG_SAME_UUID))
			at += 16;
		r = read_next(p, p->data);
		if (!r && p->pass == SCAN && !sum_ok(p, &t))
			p->damaged = true;
		if (!r && p->pass == REPLAY)
			r = in_place(p, &t);
	}
	return r;
}

// One record. 1: that was the end of what is committed.
static int step(struct replay *p)
{
	const struct journal_header *h = (const void *)p->block;
	int r = read_next(p, p->block);

	if (r == -EUCLEAN && p->pass == SCAN)
		return 1;
	if (r || be32(h->magic) != JOURNAL_MAGIC || be32(h->sequence) != p->sequence)
		return r ? r : 1;
	switch (be32(h->type)) {
	case JOURNAL_DESCRIPTOR:
		if (!record_ok(p))
			return 1;
		r = tagged(p);
		return r == -EUCLEAN && p->pass == SCAN ? 1 : r;
	case JOURNAL_REVOKE:
		if (!record_ok(p))
			return 1;
		return p->pass == REVOKE ? revokes(p) : 0;
	case JOURNAL_COMMIT:
		if (!commit_ok(p))
			return 1;
		p->sequence++;
		return p->damaged ? -EUCLEAN : 0;
	default:
		return 1;
	}
}

static int run_pass(struct replay *p, enum pass pass)
{
	const struct journal_super *s = p->fs->journal.super;
	int r = 0;

	p->pass = pass;
	p->at = be32(s->start);
	p->sequence = be32(s->sequence);
	p->left = p->fs->journal.len;
	p->damaged = false;
	while (!r && (pass == SCAN || p->sequence != p->end))
		r = step(p);
	if (pass == SCAN)
		p->end = p->sequence;
	return r < 0 ? r : 0;
}

int journal_recover(struct ext4 *fs)
{
	struct replay *p = kzalloc(sizeof(*p));
	int r = -ENOMEM;

	if (p && (p->block = kmalloc(fs->bs * 2))) {
		p->fs = fs;
		p->data = p->block + fs->bs;
		r = run_pass(p, SCAN);
		if (!r)
			r = run_pass(p, REVOKE);
		if (!r)
			r = run_pass(p, REPLAY);
		if (!r)
			r = dev_flush(fs);
		fs->journal.sequence = p->end + 1;
		if (!r)
			r = journal_set_tail(fs, 0);
		if (r)
			ext4_say(fs, "its journal cannot be replayed: run e2fsck");
		else
			ext4_say(fs, "not unmounted cleanly: %u blocks replayed",
				 (unsigned)p->replayed);
		kfree(p->revoked);
		kfree(p->block);
	}
	kfree(p);
	return r;
}
