// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The on-disk format is in <pith/erofs.h>. Directory blocks are sorted and their entries too, so
// that look-up is a binary search first over blocks, then in one.
#include <pith/erofs.h>
#include <fs/erofs.h>
#include <fs/abi.h>
#include <core/klib.h>

#define XATTR_HEADER 12

// [off, off+n) of the image, or NULL.
static const void *bytes_at(const struct erofs *fs, uint64_t off, uint64_t n)
{
	if (off > fs->len || n > fs->len - off)
		return NULL;
	return fs->base + off;
}

int erofs_mount(struct erofs *fs, const void *base, size_t len)
{
	const struct erofs_disk_super *disk;
	struct erofs_disk_super s;

	fs->base = base;
	fs->len = len;
	disk = bytes_at(fs, EROFS_SUPER_OFFSET, sizeof(*disk));
	if (!disk)
		return -EINVAL;
	memcpy(&s, disk, sizeof(s));
	if (s.magic != EROFS_SUPER_MAGIC)
		return -EINVAL;
	if (s.block_bits != 12 || s.dir_block_bits ||
	    (s.feature_incompat & ~(EROFS_FEATURE_ZERO_PADDING | EROFS_FEATURE_CHUNKED_FILE)))
		return -EOPNOTSUPP;
	fs->meta = (uint64_t)s.meta_block * EROFS_BLOCK;
	fs->root = s.root_nid;
	fs->inodes = s.inodes;
	fs->build_ns = (int64_t)(s.build_time * 1000000000ull + s.build_time_nsec);
	return 0;
}

static void inode_from_compact(const struct erofs *fs, const void *disk, struct erofs_inode *ino)
{
	struct erofs_disk_compact c;

	memcpy(&c, disk, sizeof(c));
	ino->mode = c.mode;
	ino->nlink = c.nlink;
	ino->size = c.size;
	ino->addr = c.addr;
	ino->uid = c.uid;
	ino->gid = c.gid;
	ino->mtime_ns = fs->build_ns;
}

static void inode_from_extended(const void *disk, struct erofs_inode *ino)
{
	struct erofs_disk_extended x;

	memcpy(&x, disk, sizeof(x));
	ino->mode = x.mode;
	ino->nlink = x.nlink;
	ino->size = x.size;
	ino->addr = x.addr;
	ino->uid = x.uid;
	ino->gid = x.gid;
	ino->mtime_ns = (int64_t)(x.mtime * 1000000000ull + x.mtime_nsec);
}

static bool mode_is_sane(uint32_t mode)
{
	// A bit for each of S_IFIFO (1), S_IFCHR, S_IFDIR, S_IFBLK, S_IFREG, S_IFLNK, S_IFSOCK
	// (12).
	return 1u << ((mode & S_IFMT) >> 12) & 0x1556;
}

int erofs_inode_get(const struct erofs *fs, uint64_t nid, struct erofs_inode *ino)
{
	uint64_t off = fs->meta + nid * 32;
	const void *disk =
		nid < fs->len / 32 ? bytes_at(fs, off, sizeof(struct erofs_disk_compact)) : NULL;
	uint16_t format, xattrs;
	size_t size;

	if (!disk)
		return -EUCLEAN;
	memcpy(&format, disk, sizeof(format));
	memcpy(&xattrs, (const char *)disk + 2, sizeof(xattrs));
	size = format & 1 ? sizeof(struct erofs_disk_extended) : sizeof(struct erofs_disk_compact);
	if (!bytes_at(fs, off, size))
		return -EUCLEAN;
	ino->nid = nid;
	ino->layout = format >> 1;
	if (format & 1)
		inode_from_extended(disk, ino);
	else
		inode_from_compact(fs, disk, ino);
	ino->tail = off + size + (xattrs ? XATTR_HEADER + (xattrs - 1) * 4u : 0);
	if (ino->size >> 62 || !mode_is_sane(ino->mode))
		return -EUCLEAN;
	if (ino->layout != EROFS_LAYOUT_PLAIN && ino->layout != EROFS_LAYOUT_INLINE &&
	    ino->layout != EROFS_LAYOUT_CHUNKS)
		return ino->layout < 8 ? -EOPNOTSUPP : -EUCLEAN;
	return 0;
}

static int map_chunk(const struct erofs *fs, const struct erofs_inode *ino, uint64_t off,
		     uint64_t *at, uint64_t *n)
{
	unsigned bits = (ino->addr & EROFS_CHUNK_BITS) + 12;
	size_t unit = ino->addr & EROFS_CHUNK_INDEXES ? 8 : 4;
	uint64_t index = off >> bits, in_chunk = off & ((1ull << bits) - 1);
	const uint8_t *p = bytes_at(fs, ALIGN_UP(ino->tail, unit) + index * unit, unit);
	uint32_t block;

	if (!p)
		return -EUCLEAN;
	memcpy(&block, p + unit - 4, sizeof(block));
	*n = MIN(*n, (1ull << bits) - in_chunk);
	*at = block == EROFS_CHUNK_HOLE ? UINT64_MAX : (uint64_t)block * EROFS_BLOCK + in_chunk;
	return 0;
}

int erofs_map(const struct erofs *fs, const struct erofs_inode *ino, uint64_t off,
	      const uint8_t **p, size_t *n)
{
	uint64_t at, len = ino->size - off, inline_from;

	if (off >= ino->size)
		return -EUCLEAN;
	if (ino->layout == EROFS_LAYOUT_CHUNKS) {
		int r = map_chunk(fs, ino, off, &at, &len);

		if (r)
			return r;
	} else {
		at = (uint64_t)ino->addr * EROFS_BLOCK + off;
		inline_from = ALIGN_DOWN(ino->size - 1, (uint64_t)EROFS_BLOCK);
		if (ino->layout == EROFS_LAYOUT_INLINE && off >= inline_from) {
			at = ino->tail + (off - inline_from);
			if (ino->tail % EROFS_BLOCK + (ino->size - inline_from) > EROFS_BLOCK)
				return -EUCLEAN;
		} else if (ino->layout == EROFS_LAYOUT_INLINE) {
			len = inline_from - off;
		}
	}
	*n = len;
	*p = NULL;
	if (at == UINT64_MAX)
		return 0;
	*p = bytes_at(fs, at, len);
	return *p ? 0 : -EUCLEAN;
}

// One block of a directory, checked as far as its entry table goes.
struct dir_block {
	const uint8_t *p;
	size_t len;
	unsigned count;
};

static int block_get(const struct erofs *fs, const struct erofs_inode *dir, uint64_t index,
		     struct dir_block *b)
{
	struct erofs_disk_dirent first;
	size_t n;
	int r = erofs_map(fs, dir, index * EROFS_BLOCK, &b->p, &n);

	if (r)
		return r;
	b->len = MIN(n, (size_t)EROFS_BLOCK);
	if (!b->p || b->len < sizeof(first))
		return -EUCLEAN;
	memcpy(&first, b->p, sizeof(first));
	b->count = first.name_off / sizeof(first);
	if (!b->count || first.name_off % sizeof(first) || first.name_off >= b->len)
		return -EUCLEAN;
	return 0;
}

static int entry_get(const struct dir_block *b, unsigned i, struct erofs_entry *e)
{
	struct erofs_disk_dirent d, next;
	size_t end = b->len;

	memcpy(&d, b->p + i * sizeof(d), sizeof(d));
	if (i + 1 < b->count) {
		memcpy(&next, b->p + (i + 1) * sizeof(d), sizeof(next));
		end = next.name_off;
	}
	if (d.name_off >= end || end > b->len)
		return -EUCLEAN;
	e->name = (const char *)b->p + d.name_off;
	e->len = strnlen(e->name, end - d.name_off);
	e->nid = d.nid;
	e->type = d.type;
	return e->len && e->len <= NAME_MAX ? 0 : -EUCLEAN;
}

static int name_compare(const char *name, size_t len, const struct erofs_entry *e)
{
	int r = memcmp(name, e->name, MIN(len, e->len));

	return r ? r : len < e->len ? -1 : len > e->len;
}

// Binary search in a block. Gives 1 with *e the entry, 0 if it is not there.
static int block_search(const struct dir_block *b, const char *name, size_t len,
			struct erofs_entry *e)
{
	unsigned low = 0, high = b->count;

	while (low < high) {
		unsigned mid = (low + high) / 2;
		int r = entry_get(b, mid, e);

		if (r)
			return r;
		r = name_compare(name, len, e);
		if (!r)
			return 1;
		if (r < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return 0;
}

int erofs_lookup(const struct erofs *fs, const struct erofs_inode *dir, const char *name,
		 size_t len, uint64_t *nid)
{
	uint64_t low = 0, high = (dir->size + EROFS_BLOCK - 1) / EROFS_BLOCK;
	struct erofs_entry e;
	struct dir_block b;
	int r;

	// The last block whose first name is not above the one sought.
	while (low + 1 < high) {
		uint64_t mid = low + (high - low) / 2;

		r = block_get(fs, dir, mid, &b);
		if (!r)
			r = entry_get(&b, 0, &e);
		if (r)
			return r;
		if (name_compare(name, len, &e) < 0)
			high = mid;
		else
			low = mid;
	}
	if (!high)
		return -ENOENT;
	r = block_get(fs, dir, low, &b);
	if (!r)
		r = block_search(&b, name, len, &e);
	if (r < 0)
		return r;
	*nid = e.nid;
	return r ? 0 : -ENOENT;
}

int erofs_next(const struct erofs *fs, const struct erofs_inode *dir, uint64_t *pos,
	       struct erofs_entry *e)
{
	while (*pos / EROFS_BLOCK < (dir->size + EROFS_BLOCK - 1) / EROFS_BLOCK) {
		uint64_t block = *pos / EROFS_BLOCK, i = *pos % EROFS_BLOCK;
		struct dir_block b;
		int r = block_get(fs, dir, block, &b);

		if (r)
			return r;
		if (i < b.count) {
			r = entry_get(&b, (unsigned)i, e);
			++*pos;
			return r ? r : 1;
		}
		*pos = (block + 1) * EROFS_BLOCK;
	}
	return 0;
}

unsigned erofs_dtype(unsigned type)
{
	static const uint8_t dt[] = { 0, 8, 4, 2, 6, 1, 12, 10 }; // REG DIR CHR BLK FIFO SOCK LNK

	return type < sizeof(dt) ? dt[type] : 0;
}
