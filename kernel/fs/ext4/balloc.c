// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Which blocks are free. Whoever wants blocks names a goal: what is free from there on is best,
// then a run that is long enough anywhere from the goal's group on, then the longest that there is.
#include <fs/ext4/priv.h>

// A run in a group that is free and was not freed by this transaction.
struct found {
	uint32_t at, len;
};

// Takes off what the running transaction has freed; it may be nothing then, and *next is where to
// go on.
static void clip(const struct ext4 *fs, uint64_t first, struct found *f, uint32_t *next)
{
	uint64_t start = first + f->at, end = start + f->len;

	*next = f->at + f->len;
	for (uint32_t i = 0; i < fs->freed_count; i++) {
		const struct freed *x = &fs->freed[i];

		if (x->block + x->count <= start || x->block >= end)
			continue;
		end = MAX(x->block, start);
		*next = (uint32_t)(x->block + x->count - first);
	}
	f->len = (uint32_t)(end - start);
}

static struct found search(struct ext4 *fs, uint32_t nr, const uint8_t *map, uint32_t from,
			   uint32_t want)
{
	uint32_t len = group_len(fs, nr), at = from;
	struct found best = { 0, 0 };

	while (best.len < want) {
		struct found f;

		at = bits_next(map, at, len, false);
		if (at >= len)
			break;
		f = (struct found){ at, bits_run(map, at, len, false) };
		clip(fs, group_first(fs, nr), &f, &at);
		if (f.len > best.len)
			best = f;
		if (at > len)
			break;
	}
	return best;
}

static int take(struct ext4 *fs, struct group *g, struct buf *map, struct found f, uint32_t want,
		struct run *got)
{
	int r = op_write(fs, map);

	if (!r)
		r = op_write(fs, g->buf);
	if (r)
		return r;
	got->len = MIN(f.len, want);
	got->block = group_first(fs, g->nr) + f.at;
	got->unwritten = false;
	if (group_free_blocks(fs, g) < got->len || !block_ok(fs, got->block, got->len))
		return ext4_bad(fs, "a group's bitmap and count differ", g->nr);
	bits_set(map->data, f.at, got->len, true);
	group_add(fs, g, -(int)got->len, 0, 0);
	return 0;
}

// 1: nothing there, or not enough.
static int try_group(struct ext4 *fs, uint32_t nr, uint32_t from, uint32_t want, uint32_t least,
		     struct run *got)
{
	struct found f;
	struct group g;
	struct buf *map;
	int r = group_get(fs, nr, &g);

	if (r)
		return r;
	if (!group_free_blocks(fs, &g) || group_free_blocks(fs, &g) < least)
		return 1;
	r = group_bitmap(fs, &g, false, &map);
	if (r)
		return r;
	f = search(fs, nr, map->data, from, want);
	if (f.len < least && from)
		f = search(fs, nr, map->data, 0, want);
	if (f.len >= least)
		return take(fs, &g, map, f, want, got);
	if (!map->state)
		map->held = 0; // very many may be looked at
	return 1;
}

static bool free_at(struct ext4 *fs, uint32_t nr, uint32_t at, uint32_t want, struct run *got,
		    int *r)
{
	struct group g;
	struct buf *map;
	struct found f;
	uint32_t next;

	*r = group_get(fs, nr, &g);
	if (*r || !group_free_blocks(fs, &g))
		return *r;
	*r = group_bitmap(fs, &g, false, &map);
	if (*r)
		return true;
	f = (struct found){ at, bits_run(map->data, at, MIN(at + want, group_len(fs, nr)), false) };
	if (f.len)
		clip(fs, group_first(fs, nr), &f, &next);
	if (!f.len)
		return false;
	*r = take(fs, &g, map, f, want, got);
	return true;
}

int blocks_alloc(struct ext4 *fs, uint64_t goal, uint32_t want, struct run *got)
{
	uint32_t first, at;
	int r = 0;

	if (!block_ok(fs, goal, 1))
		goal = group_first(fs, 0);
	first = (uint32_t)((goal - fs->first_block) / fs->group_blocks);
	at = (uint32_t)((goal - fs->first_block) % fs->group_blocks);
	want = MIN(want, MIN(fs->group_blocks / 4, EXTENT_LEN_MAX / 2));
	if (at && free_at(fs, first, at, want, got, &r))
		return r;
	for (int pass = 0; pass < 2; pass++) {
		for (uint32_t i = 0; i < fs->groups; i++) {
			uint32_t nr = (uint32_t)(((uint64_t)first + i) % fs->groups);

			r = try_group(fs, nr, i ? 0 : at, want, pass ? 1 : want, got);
			if (r <= 0)
				return r;
		}
	}
	return -ENOSPC;
}

static int free_in_group(struct ext4 *fs, uint64_t block, uint32_t count, bool meta)
{
	uint32_t nr = (uint32_t)((block - fs->first_block) / fs->group_blocks);
	uint32_t at = (uint32_t)((block - fs->first_block) % fs->group_blocks);
	struct group g;
	struct buf *map;
	int r = group_edit(fs, nr, false, &g, &map);

	if (r)
		return r;
	if (bits_run(map->data, at, at + count, true) != count)
		return ext4_bad(fs, "a block that is in use was free", block);
	bits_set(map->data, at, count, false);
	group_add(fs, &g, (int)count, 0, 0);
	fs->freed_meta += meta ? count : 0;
	if (fs->freed_count) {
		struct freed *last = &fs->freed[fs->freed_count - 1];

		if (fs->freed_count > fs->op_freed && last->meta == meta &&
		    last->block + last->count == block) {
			last->count += count;
			return 0;
		}
	}
	if (fs->freed_count == FREED_MAX)
		return -ENOSPC; // op_run() commits, and tries again
	fs->freed[fs->freed_count++] = (struct freed){ block, count, meta };
	return 0;
}

int blocks_free(struct ext4 *fs, uint64_t block, uint32_t count, bool meta)
{
	int r = 0;

	if (!block_ok(fs, block, count))
		return ext4_bad(fs, "a block is outside the disk", block);
	while (count && !r) {
		uint64_t rest = fs->group_blocks - (block - fs->first_block) % fs->group_blocks;
		uint32_t n = (uint32_t)MIN((uint64_t)count, rest);

		r = free_in_group(fs, block, n, meta);
		block += n;
		count -= n;
	}
	return r;
}
