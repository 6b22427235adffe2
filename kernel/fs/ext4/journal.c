// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The journal as a file: where its blocks are, and its first block, which says where the log
// begins. The log goes round in [first, len).
#include <fs/ext4/priv.h>
#include <fs/ext4/journal.h>
#include <mm/mm.h>

#define CHECKSUM_CRC32C 4
#define JOURNAL_MIN 256u // blocks; jbd2 asks for 1024
#define JOURNAL_KNOWN (JOURNAL_REVOKES | JOURNAL_64BIT | JOURNAL_ASYNC_COMMIT | JOURNAL_CSUM_V2 | \
		       JOURNAL_CSUM_V3)
#define RUNS_MAX 4096u

uint64_t journal_block(const struct ext4 *fs, uint32_t at)
{
	uint32_t low = 0, high = fs->journal.runs;

	while (high - low > 1) {
		uint32_t mid = (low + high) / 2;

		if (fs->journal.run[mid].at <= at)
			low = mid;
		else
			high = mid;
	}
	if (!high || at - fs->journal.run[low].at >= fs->journal.run[low].len)
		return 0;
	return fs->journal.run[low].block + (at - fs->journal.run[low].at);
}

uint32_t journal_next(const struct ext4 *fs, uint32_t at)
{
	return at + 1 < fs->journal.len ? at + 1 : fs->journal.first;
}

uint32_t journal_room(const struct ext4 *fs)
{
	return fs->journal.len - fs->journal.first - fs->journal.tail_used;
}

bool journal_summed(const struct ext4 *fs)
{
	return fs->journal.incompat & (JOURNAL_CSUM_V2 | JOURNAL_CSUM_V3);
}

uint32_t journal_tag_size(const struct ext4 *fs)
{
	if (fs->journal.incompat & JOURNAL_CSUM_V3)
		return sizeof(struct journal_tag3);
	return (fs->journal.incompat & JOURNAL_64BIT ? 12 : 8) +
	       (fs->journal.incompat & JOURNAL_CSUM_V2 ? 2 : 0);
}

static int super_store(struct ext4 *fs)
{
	struct journal_super *s = fs->journal.super;
	int r;

	if (journal_summed(fs)) {
		s->checksum = 0;
		s->checksum = be32(crc32c(~0u, s, sizeof(*s)));
	}
	r = dev_write(fs, journal_block(fs, 0), s, fs->bs);
	return r ? r : dev_flush(fs);
}

// The log begins at `start`, with what is committed next. 0: there is none.
int journal_set_tail(struct ext4 *fs, uint32_t start)
{
	fs->journal.super->start = be32(start);
	fs->journal.super->sequence = be32(fs->journal.sequence);
	fs->journal.tail_used = 0;
	return super_store(fs);
}

static int map_all(struct ext4 *fs, struct inode *in)
{
	struct journal *j = &fs->journal;
	uint64_t blocks = inode_size(in) >> fs->bits;
	struct run run;

	if (!blocks || blocks > fs->blocks || blocks > UINT32_MAX)
		return -EUCLEAN;
	for (uint32_t at = 0; at < blocks; at += run.len) {
		int r = map_get(fs, in, at, (uint32_t)blocks - at, &run);
		struct journal_run *grown;

		if (r)
			return r;
		if (!run.block || j->runs == RUNS_MAX)
			return -EUCLEAN;
		if (j->runs && j->run[j->runs - 1].block + j->run[j->runs - 1].len == run.block) {
			j->run[j->runs - 1].len += run.len;
			continue;
		}
		grown = krealloc(j->run, (j->runs + 1) * sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		j->run = grown;
		j->run[j->runs++] = (struct journal_run){ at, run.len, run.block };
	}
	j->len = (uint32_t)blocks;
	return 0;
}

static int super_check(struct ext4 *fs)
{
	struct journal *j = &fs->journal;
	const struct journal_super *s = j->super;
	uint32_t type = be32(s->header.type);

	if (be32(s->header.magic) != JOURNAL_MAGIC ||
	    (type != JOURNAL_SUPER_V1 && type != JOURNAL_SUPER_V2))
		return -EUCLEAN;
	j->incompat = type == JOURNAL_SUPER_V2 ? be32(s->feature_incompat) : 0;
	if (be32(s->blocksize) != fs->bs || be32(s->maxlen) > j->len ||
	    be32(s->maxlen) < JOURNAL_MIN || !s->first || be32(s->first) > JOURNAL_MIN / 2 ||
	    be32(s->start) >= be32(s->maxlen) || (s->start && be32(s->start) < be32(s->first)))
		return -EUCLEAN;
	j->len = be32(s->maxlen);
	j->first = be32(s->first);
	j->sequence = be32(s->sequence);
	j->seed = crc32c(~0u, s->uuid, sizeof(s->uuid));
	// An empty one has none; it gets the features that are written here.
	if ((j->incompat & JOURNAL_FAST_COMMIT) && s->start) {
		ext4_say(fs, "its journal has fast commits, which are not there: run e2fsck");
		return -EOPNOTSUPP;
	}
	if ((j->incompat & ~(JOURNAL_KNOWN | JOURNAL_FAST_COMMIT)) ||
	    (type == JOURNAL_SUPER_V2 && s->feature_ro_compat)) {
		ext4_say(fs, "its journal has features that are not known (0x%x)", j->incompat);
		return -EOPNOTSUPP;
	}
	return 0;
}

// Finds the journal. Before it has been replayed nothing else is to be believed, checksums least.
int journal_open(struct ext4 *fs)
{
	struct inode in;
	int r = inode_get(fs, JOURNAL_INO, &in);

	if (r == -EOPNOTSUPP)
		r = -EUCLEAN; // no journal is encrypted, or inside its inode
	if (!r)
		r = map_all(fs, &in);
	if (!r && !(fs->journal.super = kmalloc(fs->bs * 3)))
		r = -ENOMEM;
	if (!r)
		r = dev_read(fs, journal_block(fs, 0), fs->journal.super, fs->bs);
	if (!r)
		r = super_check(fs);
	if (r == -EUCLEAN)
		ext4_say(fs, "its journal is damaged: run e2fsck");
	return r;
}

// The log is empty: it gets the features that Linux would give it.
int journal_start(struct ext4 *fs)
{
	struct journal *j = &fs->journal;
	uint32_t sums = fs->csum ? JOURNAL_CSUM_V3 : 0;

	if (be32(j->super->header.type) == JOURNAL_SUPER_V2) {
		j->incompat = JOURNAL_REVOKES | sums | (fs->incompat & INCOMPAT_64BIT ?
								JOURNAL_64BIT : 0);
		j->super->feature_incompat = be32(j->incompat);
		j->super->feature_compat &= ~be32(JOURNAL_COMPAT_CHECKSUM);
		j->super->checksum_type = sums ? CHECKSUM_CRC32C : 0;
	}
	j->head = j->first;
	return journal_set_tail(fs, j->head);
}

int journal_stop(struct ext4 *fs)
{
	return journal_set_tail(fs, 0);
}

void journal_free(struct ext4 *fs)
{
	kfree(fs->journal.run);
	kfree(fs->journal.super);
	fs->journal.run = NULL;
	fs->journal.super = NULL;
	fs->journal.runs = 0;
}
