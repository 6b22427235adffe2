// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What each kind of block has as a checksum with metadata_csum: Documentation/filesystems/ext4/
// checksums.rst. Inodes and group descriptors are summed one by one; the sums of bitmaps are in
// their group's descriptor.
#include <fs/ext4/priv.h>

uint32_t super_sum(const struct disk_super *s)
{
	return crc32c(~0u, s, offsetof(struct disk_super, checksum));
}

uint32_t inode_seed(const struct ext4 *fs, uint32_t ino, uint32_t generation)
{
	uint32_t crc = crc32c(fs->seed, &ino, sizeof(ino));

	return crc32c(crc, &generation, sizeof(generation));
}

static bool has_checksum_hi(const struct ext4 *fs, const struct disk_inode *raw)
{
	return fs->inode_size > INODE_OLD_SIZE && raw->extra_isize >= 4;
}

uint32_t inode_sum(const struct ext4 *fs, uint32_t ino, const struct disk_inode *raw)
{
	static const uint16_t zero;
	const uint8_t *p = (const uint8_t *)raw;
	uint32_t lo = offsetof(struct disk_inode, checksum_lo);
	uint32_t hi = offsetof(struct disk_inode, checksum_hi);
	uint32_t crc = crc32c(inode_seed(fs, ino, raw->generation), p, lo);

	crc = crc32c(crc, &zero, 2);
	crc = crc32c(crc, p + lo + 2, INODE_OLD_SIZE - lo - 2);
	if (fs->inode_size == INODE_OLD_SIZE)
		return crc & 0xffff;
	if (!has_checksum_hi(fs, raw))
		return crc32c(crc, p + INODE_OLD_SIZE, fs->inode_size - INODE_OLD_SIZE) & 0xffff;
	crc = crc32c(crc, p + INODE_OLD_SIZE, hi - INODE_OLD_SIZE);
	crc = crc32c(crc, &zero, 2);
	return crc32c(crc, p + hi + 2, fs->inode_size - hi - 2);
}

uint16_t group_sum(const struct ext4 *fs, uint32_t group, const struct disk_group *d)
{
	static const uint16_t zero;
	const uint8_t *p = (const uint8_t *)d;
	uint32_t at = offsetof(struct disk_group, checksum), rest = fs->desc_size - at - 2;
	uint32_t crc;

	if (fs->csum) {
		crc = crc32c(fs->seed, &group, sizeof(group));
		crc = crc32c(crc, p, at);
		crc = crc32c(crc, &zero, 2);
		return (uint16_t)crc32c(crc, p + at + 2, rest);
	}
	crc = crc16(0xffff, fs->uuid, sizeof(fs->uuid));
	crc = crc16((uint16_t)crc, &group, sizeof(group));
	crc = crc16((uint16_t)crc, p, at);
	return crc16((uint16_t)crc, p + at + 2, rest);
}

uint32_t bitmap_sum(const struct ext4 *fs, const struct buf *b)
{
	uint32_t bits = b->kind == KIND_INODE_BITMAP ? fs->group_inodes : fs->group_blocks;
	uint32_t crc = crc32c(fs->seed, b->data, bits / 8);

	return fs->desc_size >= 64 ? crc : crc & 0xffff;
}

// Where a block of a directory keeps its sum: in a tail behind the entries, or (nodes of the index,
// which begin like a block with one nameless entry, or with "." and "..") behind the room for
// entries of the index. 0: nowhere.
static uint32_t dir_sum_at(const struct ext4 *fs, const uint8_t *p, uint32_t *count)
{
	const struct disk_dirent *e = (const void *)p, *second = (const void *)(p + 12);
	const struct disk_dirent *tail = (const void *)(p + fs->bs - DIR_TAIL);
	uint32_t at = 0;
	uint16_t limit, used;

	*count = 0;
	if (!e->inode && e->rec_len == fs->bs)
		at = 8;
	else if (e->rec_len == 12 && second->rec_len == fs->bs - 12)
		at = 32;
	if (!at)
		return !tail->inode && tail->rec_len == DIR_TAIL && !tail->name_len &&
			       tail->file_type == DIR_TAIL_TYPE ? fs->bs - DIR_TAIL : 0;
	memcpy(&limit, p + at, 2);
	memcpy(&used, p + at + 2, 2);
	if (used > limit || at + limit * 8u + 8 > fs->bs)
		return 0;
	*count = at + used * 8u;
	return at + limit * 8u;
}

static uint32_t dir_sum(const struct ext4 *fs, const struct buf *b, uint32_t **where)
{
	static const uint32_t zero;
	uint32_t count, at = dir_sum_at(fs, b->data, &count), crc;

	*where = NULL;
	if (!at)
		return 0;
	if (!count) {
		*where = (uint32_t *)(b->data + at + 8);
		return crc32c(b->seed, b->data, at);
	}
	*where = (uint32_t *)(b->data + at + 4);
	crc = crc32c(b->seed, b->data, count);
	crc = crc32c(crc, b->data + at, 4);
	return crc32c(crc, &zero, 4);
}

static uint32_t extents_sum(const struct ext4 *fs, const struct buf *b, uint32_t **where)
{
	const struct extent_header *h = (const void *)b->data;
	uint32_t at = (uint32_t)sizeof(*h) + h->max * (uint32_t)sizeof(struct extent);

	*where = at + 4 <= fs->bs ? (uint32_t *)(b->data + at) : NULL;
	return *where ? crc32c(b->seed, b->data, at) : 0;
}

static uint32_t xattr_sum(const struct ext4 *fs, const struct buf *b, uint32_t **where)
{
	static const uint32_t zero;
	uint32_t at = offsetof(struct xattr_header, checksum);
	uint32_t crc = crc32c(fs->seed, &b->block, sizeof(b->block));

	*where = (uint32_t *)(b->data + at);
	crc = crc32c(crc, b->data, at);
	crc = crc32c(crc, &zero, 4);
	return crc32c(crc, b->data + at + 4, fs->bs - at - 4);
}

// The sum that a block should have, and where it is in it. False: it has none.
static bool sum_of(const struct ext4 *fs, const struct buf *b, uint32_t *sum, uint32_t **where)
{
	switch (b->kind) {
	case KIND_DIR:
		*sum = dir_sum(fs, b, where);
		return true;
	case KIND_EXTENTS:
		*sum = extents_sum(fs, b, where);
		return true;
	case KIND_XATTR:
		*sum = xattr_sum(fs, b, where);
		return true;
	default:
		return false;
	}
}

static bool groups_verify(const struct ext4 *fs, const struct buf *b)
{
	for (uint32_t i = 0; i < fs->bs / fs->desc_size; i++) {
		const struct disk_group *d = (const void *)(b->data + i * fs->desc_size);

		if (b->seed + i < fs->groups && d->checksum != group_sum(fs, b->seed + i, d))
			return false;
	}
	return true;
}

// Not of bitmaps: group_bitmap() knows whose they are. Not of inodes: inode_get() does.
bool buf_verify(const struct ext4 *fs, const struct buf *b)
{
	uint32_t sum, *where;

	if (b->kind == KIND_GROUPS && (fs->csum || fs->gdt_csum))
		return groups_verify(fs, b);
	if (!fs->csum || !sum_of(fs, b, &sum, &where))
		return true;
	return where && *where == sum;
}

static void inodes_sum(const struct ext4 *fs, struct buf *b)
{
	for (uint32_t i = 0; b->changed >> i; i++) {
		struct disk_inode *raw = (void *)(b->data + i * fs->inode_size);
		uint32_t sum = inode_sum(fs, b->seed + i, raw);

		if (!(b->changed >> i & 1))
			continue;
		raw->checksum_lo = (uint16_t)sum;
		if (has_checksum_hi(fs, raw))
			raw->checksum_hi = (uint16_t)(sum >> 16);
		if (i == 31)
			break;
	}
}

static void groups_sum(const struct ext4 *fs, struct buf *b)
{
	for (uint32_t i = 0; i < fs->bs / fs->desc_size; i++) {
		struct disk_group *d = (void *)(b->data + i * fs->desc_size);

		if (b->seed + i < fs->groups)
			d->checksum = group_sum(fs, b->seed + i, d);
	}
}

// Bitmaps are summed before the descriptors, into these: commit.c.
static void bitmap_set_sum(struct ext4 *fs, struct buf *b)
{
	uint32_t sum = bitmap_sum(fs, b);
	struct group g;

	if (group_get(fs, b->seed, &g))
		return; // it has been changed with the bitmap, so it is there
	if (b->kind == KIND_BLOCK_BITMAP) {
		g.d->block_bitmap_csum_lo = (uint16_t)sum;
		if (fs->desc_size >= 64)
			g.d->block_bitmap_csum_hi = (uint16_t)(sum >> 16);
	} else {
		g.d->inode_bitmap_csum_lo = (uint16_t)sum;
		if (fs->desc_size >= 64)
			g.d->inode_bitmap_csum_hi = (uint16_t)(sum >> 16);
	}
}

void buf_sum(struct ext4 *fs, struct buf *b)
{
	struct disk_super *s = (void *)(b->data + (fs->bits == 10 ? 0 : SUPER_OFFSET));
	uint32_t sum, *where;

	if (b->kind == KIND_GROUPS && (fs->csum || fs->gdt_csum))
		groups_sum(fs, b);
	if (!fs->csum)
		return;
	if (b->kind == KIND_SUPER)
		s->checksum = super_sum(s);
	else if (b->kind == KIND_INODES)
		inodes_sum(fs, b);
	else if (b->kind == KIND_BLOCK_BITMAP || b->kind == KIND_INODE_BITMAP)
		bitmap_set_sum(fs, b);
	else if (sum_of(fs, b, &sum, &where) && where)
		*where = sum;
}
