// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The blocks that are in memory. A block is read and verified once; it goes, the least recently
// used first, when there are more than cache_max and nobody holds it: neither this request, nor the
// transaction, nor the journal, nor data that is still to be written.
#include <fs/ext4/priv.h>
#include <mm/mm.h>

#define CACHE_MIN 128u

int cache_init(struct ext4 *fs)
{
	list_init(&fs->lru);
	list_init(&fs->tx);
	list_init(&fs->log);
	list_init(&fs->dirty);
	fs->request = 1;
	fs->cache_max = MAX((uint32_t)MIN(fs->o.cache_bytes / fs->bs, 1u << 20), CACHE_MIN);
	fs->stage_len = STAGE_BYTES / fs->bs;
	while (!fs->stage && fs->stage_len) {
		fs->stage = kmalloc((size_t)fs->stage_len * fs->bs);
		if (!fs->stage)
			fs->stage_len /= 2;
	}
	return fs->stage ? 0 : -ENOMEM;
}

static void cache_evict(struct ext4 *fs, uint32_t max)
{
	for (struct list *p = fs->lru.prev; p != &fs->lru && fs->cached > max;) {
		struct buf *b = list_entry(p, struct buf, lru);

		p = p->prev;
		if (!b->state && b->held != fs->request)
			buf_drop(fs, b);
	}
}

void cache_trim(struct ext4 *fs)
{
	fs->request++;
	if (fs->cached > fs->cache_max)
		cache_evict(fs, fs->cache_max - fs->cache_max / 8);
}

void cache_free(struct ext4 *fs)
{
	while (!list_empty(&fs->lru))
		buf_drop(fs, list_first(&fs->lru, struct buf, lru));
	kfree(fs->stage);
	fs->stage = NULL;
}

static struct buf **bucket_of(struct ext4 *fs, uint64_t block)
{
	return &fs->bucket[block % CACHE_BUCKETS];
}

struct buf *buf_find(struct ext4 *fs, uint64_t block)
{
	struct buf *b = *bucket_of(fs, block);

	while (b && b->block != block)
		b = b->next;
	return b;
}

// Its contents are not wanted any more, whatever they are.
void buf_drop(struct ext4 *fs, struct buf *b)
{
	struct buf **p = bucket_of(fs, b->block);

	while (*p != b)
		p = &(*p)->next;
	*p = b->next;
	fs->tx_count -= (b->state & BUF_TX) != 0;
	fs->log_count -= (b->state & (BUF_LOG | BUF_TX)) == BUF_LOG;
	fs->dirty_count -= (b->state & BUF_DIRTY) != 0;
	list_del(&b->lru);
	list_del(&b->link);
	kfree(b->undo);
	kfree(b->data);
	kfree(b);
	fs->cached--;
}

bool block_ok(const struct ext4 *fs, uint64_t block, uint64_t count)
{
	return block > fs->first_block && block < fs->blocks && count <= fs->blocks - block;
}

static struct buf *buf_make(struct ext4 *fs, uint64_t block, enum kind kind, uint32_t seed)
{
	struct buf *b;

	// Requests that look at very many blocks (a search in all bitmaps) hold fewer of them.
	if (fs->cached >= fs->cache_max)
		cache_evict(fs, fs->cache_max - 1);
	b = kzalloc(sizeof(*b));
	if (b && !(b->data = kmalloc(fs->bs))) {
		kfree(b);
		return NULL;
	}
	if (!b)
		return NULL;
	b->block = block;
	b->kind = (uint8_t)kind;
	b->seed = seed;
	list_init(&b->link);
	list_add(&fs->lru, &b->lru);
	b->next = *bucket_of(fs, block);
	*bucket_of(fs, block) = b;
	fs->cached++;
	return b;
}

// A block that is in memory as something else has two owners, unless it is only a memory.
static int reuse(struct ext4 *fs, struct buf *b, enum kind kind, uint32_t seed)
{
	bool same = b->kind == kind && (b->seed == seed || kind == KIND_DATA);

	if (same)
		return 0;
	if (b->state || b->held == fs->request)
		return ext4_bad(fs, "a block is in use twice", b->block);
	b->kind = (uint8_t)kind;
	b->seed = seed;
	return buf_verify(fs, b) ? 0 : ext4_bad(fs, "a block is not what it should be", b->block);
}

int buf_get(struct ext4 *fs, uint64_t block, enum kind kind, uint32_t seed, struct buf **out)
{
	struct buf *b = buf_find(fs, block);
	int r = 0;

	*out = b;
	if (b) {
		list_del(&b->lru);
		list_add(&fs->lru, &b->lru);
		r = reuse(fs, b, kind, seed);
		if (r && !b->state && b->held != fs->request)
			buf_drop(fs, b);
		else
			b->held = fs->request;
		return r;
	}
	if (kind != KIND_SUPER && !block_ok(fs, block, 1))
		return ext4_bad(fs, "a block is outside the disk", block);
	b = buf_make(fs, block, kind, seed);
	if (!b)
		return -ENOMEM;
	b->held = fs->request;
	r = dev_read(fs, block, b->data, fs->bs);
	if (!r && !buf_verify(fs, b))
		r = ext4_bad(fs, "a block has the wrong checksum", block);
	if (r)
		buf_drop(fs, b);
	*out = b;
	return r;
}

int buf_new(struct ext4 *fs, uint64_t block, enum kind kind, uint32_t seed, struct buf **out)
{
	struct buf *b = buf_find(fs, block);
	bool both_data;

	if (!block_ok(fs, block, 1))
		return ext4_bad(fs, "a block is outside the disk", block);
	both_data = b && b->kind == KIND_DATA && kind == KIND_DATA;
	if (b && !both_data && (b->state || b->held == fs->request))
		return ext4_bad(fs, "a block is in use twice", block);
	if (b && !both_data) {
		buf_drop(fs, b);
		b = NULL;
	}
	if (!b)
		b = buf_make(fs, block, kind, seed);
	if (!b)
		return -ENOMEM;
	b->kind = (uint8_t)kind;
	b->seed = seed;
	b->held = fs->request;
	memset(b->data, 0, fs->bs);
	if (kind != KIND_DATA)
		op_fresh(fs, b);
	*out = b;
	return 0;
}

int dev_read(struct ext4 *fs, uint64_t block, void *to, size_t len)
{
	return fs->dev->read(fs->dev, block * (fs->bs / SECTOR_SIZE), to, len);
}

int dev_write(struct ext4 *fs, uint64_t block, const void *from, size_t len)
{
	fs->unflushed = true;
	return fs->dev->write(fs->dev, block * (fs->bs / SECTOR_SIZE), from, len);
}

int dev_flush(struct ext4 *fs)
{
	int r = fs->unflushed ? fs->dev->flush(fs->dev) : 0;

	if (!r)
		fs->unflushed = false;
	return r;
}
