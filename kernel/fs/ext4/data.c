// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Contents of files. What is small goes through the cache and to the disk with the next commit;
// what is large goes to the disk or comes from it at once, past the cache, but for blocks that the
// cache has something newer of.
#include <fs/ext4/priv.h>
#include <sched/sched.h>

#define DIRECT_MIN 32768u // bytes from which the cache is passed by

static bool is_newer(const struct buf *b)
{
	return b && (b->state & BUF_DIRTY);
}

static int read_direct(struct ext4 *fs, uint64_t block, uint8_t *to, uint32_t count)
{
	int r = dev_read(fs, block, to, (size_t)count << fs->bits);

	for (uint32_t i = 0; i < count && !r; i++) {
		const struct buf *b = buf_find(fs, block + i);

		if (is_newer(b))
			memcpy(to + ((size_t)i << fs->bits), b->data, fs->bs);
	}
	return r;
}

// Blocks that are likely to be read next, with one request of the disk.
static int read_ahead(struct ext4 *fs, uint64_t block, uint32_t count)
{
	uint32_t n = 0;
	struct buf *b;
	int r;

	while (n < MIN(count, fs->stage_len) && !buf_find(fs, block + n))
		n++;
	if (n < 2)
		return 0;
	r = dev_read(fs, block, fs->stage, (size_t)n << fs->bits);
	for (uint32_t i = 0; i < n && !r; i++) {
		r = buf_new(fs, block + i, KIND_DATA, 0, &b);
		if (!r)
			memcpy(b->data, fs->stage + ((size_t)i << fs->bits), fs->bs);
	}
	return r;
}

// ahead: blocks from `block` on that may be read as well.
int data_read(struct ext4 *fs, uint64_t block, uint64_t off, void *to, size_t len, uint32_t ahead)
{
	uint8_t *at = to;

	ahead = ahead > off >> fs->bits ? ahead - (uint32_t)(off >> fs->bits) : 0;
	block += off >> fs->bits;
	off &= fs->bs - 1;
	while (len) {
		size_t n = MIN(len, fs->bs - off);
		uint32_t whole = off ? 0 : (uint32_t)(len >> fs->bits);
		struct buf *b;
		int r;

		if (whole << fs->bits >= DIRECT_MIN) {
			n = (size_t)whole << fs->bits;
			r = read_direct(fs, block, at, whole);
		} else {
			whole = 1;
			r = ahead > 1 ? read_ahead(fs, block, ahead) : 0;
			if (!r)
				r = buf_get(fs, block, KIND_DATA, 0, &b);
			if (!r)
				memcpy(at, b->data + off, n);
		}
		if (r)
			return r;
		block += whole;
		ahead -= MIN(ahead, whole);
		at += n;
		len -= n;
		off = 0;
	}
	return 0;
}

static int write_direct(struct ext4 *fs, uint64_t block, const uint8_t *from, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		struct buf *b = buf_find(fs, block + i);

		if (b && b->kind != KIND_DATA)
			return ext4_bad(fs, "a block is in use twice", block + i);
		if (b)
			buf_drop(fs, b);
	}
	return dev_write(fs, block, from, (size_t)count << fs->bits);
}

// Without memory for another block: to the disk at once.
static int write_through(struct ext4 *fs, uint64_t block, uint64_t off, const uint8_t *from,
			 size_t n, bool fresh)
{
	int r = 0;

	if (fresh)
		memset(fs->stage, 0, fs->bs);
	else if (n < fs->bs)
		r = dev_read(fs, block, fs->stage, fs->bs);
	if (r)
		return r;
	memcpy(fs->stage + off, from, n);
	return dev_write(fs, block, fs->stage, fs->bs);
}

static int write_cached(struct ext4 *fs, uint64_t block, uint64_t off, const uint8_t *from,
			size_t n, bool fresh)
{
	struct buf *b;
	int r = fresh || n == fs->bs ? buf_new(fs, block, KIND_DATA, 0, &b) :
				       buf_get(fs, block, KIND_DATA, 0, &b);

	if (r == -ENOMEM)
		return write_through(fs, block, off, from, n, fresh);
	if (r)
		return r;
	memcpy(b->data + off, from, n);
	if (!fs->tx_since)
		fs->tx_since = time_now() | 1;
	if (b->state & BUF_DIRTY)
		return 0;
	b->state |= BUF_DIRTY;
	list_add_tail(&fs->dirty, &b->link);
	return ++fs->dirty_count > fs->cache_max / 4 ? data_flush(fs) : 0;
}

// fresh: what the blocks hold is nobody's; where nothing is written there are zeros.
int data_write(struct ext4 *fs, uint64_t block, uint64_t off, const void *from, size_t len,
	       bool fresh)
{
	const uint8_t *at = from;
	int r = 0;

	block += off >> fs->bits;
	off &= fs->bs - 1;
	while (len && !r) {
		size_t n = MIN(len, fs->bs - off);
		uint32_t whole = off ? 0 : (uint32_t)(len >> fs->bits);

		if (whole << fs->bits >= DIRECT_MIN) {
			n = (size_t)whole << fs->bits;
			r = write_direct(fs, block, at, whole);
		} else {
			whole = 1;
			r = write_cached(fs, block, off, at, n, fresh);
		}
		block += whole;
		at += n;
		len -= n;
		off = 0;
	}
	return r;
}
