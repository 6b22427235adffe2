// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The on-disk format as Linux documents it (Documentation/filesystems/erofs.rst,
// fs/erofs/erofs_fs.h), uncompressed layouts: a superblock at 1024; inodes in slots of 32 bytes,
// compact or extended; data plain in blocks, or with its tail right behind the inode ("inline"), or
// in chunks found through a table there. Directories are blocks of sorted entries followed by their
// names, and the blocks are sorted too, so that look-up is a binary search first over blocks, then
// in one.
#include <fs/erofs.h>
#include <fs/abi.h>
#include <core/klib.h>

#define SUPER_OFFSET 1024
#define SUPER_MAGIC 0xe0f5e1e2u
#define FEATURE_ZERO_PADDING 0x1 /* of compressed data: concerns nobody here */
#define FEATURE_CHUNKED_FILE 0x4

struct disk_super {
	uint32_t magic, checksum, feature_compat;
	uint8_t block_bits, ext_slots;
	uint16_t root_nid;
	uint64_t inodes, build_time;
	uint32_t build_time_nsec, blocks, meta_block, xattr_block;
	uint8_t uuid[16], volume_name[16];
	uint32_t feature_incompat;
	uint16_t compression, extra_devices, device_table_slot;
	uint8_t dir_block_bits, xattr_prefixes;
	uint8_t rest[32];
};
_Static_assert(sizeof(struct disk_super) == 128, "erofs_fs.h: struct erofs_super_block");

struct disk_inode_compact {
	uint16_t format, xattr_count, mode, nlink;
	uint32_t size, reserved, addr, ino;
	uint16_t uid, gid;
	uint32_t reserved2;
};
_Static_assert(sizeof(struct disk_inode_compact) == 32, "erofs_fs.h: struct erofs_inode_compact");

struct disk_inode_extended {
	uint16_t format, xattr_count, mode, reserved;
	uint64_t size;
	uint32_t addr, ino, uid, gid;
	uint64_t mtime;
	uint32_t mtime_nsec, nlink;
	uint8_t reserved2[16];
};
_Static_assert(sizeof(struct disk_inode_extended) == 64, "erofs_fs.h: struct erofs_inode_extended");

struct disk_dirent {
	uint64_t nid;
	uint16_t name_off;
	uint8_t type, reserved;
} __attribute__((packed));
_Static_assert(sizeof(struct disk_dirent) == 12, "erofs_fs.h: struct erofs_dirent");

enum { LAYOUT_PLAIN = 0, LAYOUT_INLINE = 2, LAYOUT_CHUNKS = 4 };
#define CHUNK_BITS 0x1f
#define CHUNK_INDEXES 0x20
#define CHUNK_HOLE 0xffffffffu
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
	const struct disk_super *disk;
	struct disk_super s;

	fs->base = base;
	fs->len = len;
	disk = bytes_at(fs, SUPER_OFFSET, sizeof(*disk));
	if (!disk)
		return -EINVAL;
	memcpy(&s, disk, sizeof(s));
	if (s.magic != SUPER_MAGIC)
		return -EINVAL;
	if (s.block_bits != 12 || s.dir_block_bits ||
	    (s.feature_incompat & ~(FEATURE_ZERO_PADDING | FEATURE_CHUNKED_FILE)))
		return -EOPNOTSUPP;
	fs->meta = (uint64_t)s.meta_block * EROFS_BLOCK;
	fs->root = s.root_nid;
	fs->inodes = s.inodes;
	fs->build_ns = (int64_t)(s.build_time * 1000000000ull + s.build_time_nsec);
	return 0;
}

static void inode_from_compact(const struct erofs *fs, const void *disk, struct erofs_inode *ino)
{
	struct disk_inode_compact c;

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
	struct disk_inode_extended x;

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
		nid < fs->len / 32 ? bytes_at(fs, off, sizeof(struct disk_inode_compact)) : NULL;
	uint16_t format, xattrs;
	size_t size;

	if (!disk)
		return -EUCLEAN;
	memcpy(&format, disk, sizeof(format));
	memcpy(&xattrs, (const char *)disk + 2, sizeof(xattrs));
	size = format & 1 ? sizeof(struct disk_inode_extended) : sizeof(struct disk_inode_compact);
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
	if (ino->layout != LAYOUT_PLAIN && ino->layout != LAYOUT_INLINE &&
	    ino->layout != LAYOUT_CHUNKS)
		return ino->layout < 8 ? -EOPNOTSUPP : -EUCLEAN;
	return 0;
}

static int map_chunk(const struct erofs *fs, const struct erofs_inode *ino, uint64_t off,
		     uint64_t *at, uint64_t *n)
{
	unsigned bits = (ino->addr & CHUNK_BITS) + 12;
	size_t unit = ino->addr & CHUNK_INDEXES ? 8 : 4;
	uint64_t index = off >> bits, in_chunk = off & ((1ull << bits) - 1);
	const uint8_t *p = bytes_at(fs, ALIGN_UP(ino->tail, unit) + index * unit, unit);
	uint32_t block;

	if (!p)
		return -EUCLEAN;
	memcpy(&block, p + unit - 4, sizeof(block));
	*n = MIN(*n, (1ull << bits) - in_chunk);
	*at = block == CHUNK_HOLE ? UINT64_MAX : (uint64_t)block * EROFS_BLOCK + in_chunk;
	return 0;
}

int erofs_map(const struct erofs *fs, const struct erofs_inode *ino, uint64_t off,
	      const uint8_t **p, size_t *n)
{
	uint64_t at, len = ino->size - off, inline_from;

	if (off >= ino->size)
		return -EUCLEAN;
	if (ino->layout == LAYOUT_CHUNKS) {
		int r = map_chunk(fs, ino, off, &at, &len);

		if (r)
			return r;
	} else {
		at = (uint64_t)ino->addr * EROFS_BLOCK + off;
		inline_from = ALIGN_DOWN(ino->size - 1, (uint64_t)EROFS_BLOCK);
		if (ino->layout == LAYOUT_INLINE && off >= inline_from) {
			at = ino->tail + (off - inline_from);
			if (ino->tail % EROFS_BLOCK + (ino->size - inline_from) > EROFS_BLOCK)
				return -EUCLEAN;
		} else if (ino->layout == LAYOUT_INLINE) {
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
	struct disk_dirent first;
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
	struct disk_dirent d, next;
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
