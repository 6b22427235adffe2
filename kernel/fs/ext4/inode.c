// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Inodes, where they are: in the block of the inode table. Those that have been changed are noted
// in the buffer and get their checksums when the block is written.
#include <fs/ext4/priv.h>
#include <sched/sched.h>

#define SECOND 1000000000

static bool type_ok(uint32_t mode)
{
	// A bit for each of S_IFIFO (1), S_IFCHR, S_IFDIR, S_IFBLK, S_IFREG, S_IFLNK, S_IFSOCK
	// (12).
	return 1u << ((mode & S_IFMT) >> 12) & 0x1556;
}

static int inode_check(struct ext4 *fs, const struct inode *in, uint32_t index)
{
	const struct disk_inode *raw = in->raw;
	bool changed = in->buf->changed >> index & 1;

	if (fs->csum && !changed) {
		uint32_t sum = inode_sum(fs, in->ino, raw), mask = 0xffff;
		uint32_t has = raw->checksum_lo;

		if (fs->inode_size > INODE_OLD_SIZE && raw->extra_isize >= 4) {
			has |= (uint32_t)raw->checksum_hi << 16;
			mask = ~0u;
		}
		if ((sum & mask) != has)
			return ext4_bad(fs, "an inode has the wrong checksum", in->ino);
	}
	if (fs->inode_size > INODE_OLD_SIZE && raw->extra_isize > fs->inode_size - INODE_OLD_SIZE)
		return ext4_bad(fs, "an inode has an impossible size", in->ino);
	// Blocks of a file are counted by 32 bits.
	if (inode_size(in) > (uint64_t)UINT32_MAX << fs->bits)
		return ext4_bad(fs, "a file has an impossible size", in->ino);
	return 0;
}

int inode_get(struct ext4 *fs, uint32_t ino, struct inode *in)
{
	uint32_t per_block = fs->bs / fs->inode_size, index;
	struct group g;
	int r;

	if (!ino || ino > fs->inodes)
		return ext4_bad(fs, "there is no such inode", ino);
	r = group_get(fs, (ino - 1) / fs->group_inodes, &g);
	if (r)
		return r;
	index = (ino - 1) % fs->group_inodes;
	r = buf_get(fs, group_inode_table(fs, &g) + index / per_block, KIND_INODES,
		    ino - index % per_block, &in->buf);
	if (r)
		return r;
	index %= per_block;
	in->ino = ino;
	in->raw = (void *)(in->buf->data + index * fs->inode_size);
	in->seed = fs->csum ? inode_seed(fs, ino, in->raw->generation) : ino;
	r = inode_check(fs, in, index);
	if (!r && in->raw->links && !type_ok(in->raw->mode))
		r = ext4_bad(fs, "an inode has an impossible type", ino);
	if (!r && (in->raw->flags & INODE_UNKNOWN))
		r = -EOPNOTSUPP;
	return r;
}

int inode_change(struct ext4 *fs, struct inode *in)
{
	uint32_t index = (uint32_t)((uint8_t *)in->raw - in->buf->data) / fs->inode_size;
	int r = op_write(fs, in->buf);

	if (!r)
		in->buf->changed |= 1u << index;
	return r;
}

int inode_edit(struct ext4 *fs, uint32_t ino, struct inode *in)
{
	int r = inode_get(fs, ino, in);

	return r ? r : inode_change(fs, in);
}

uint64_t inode_size(const struct inode *in)
{
	uint64_t hi = S_ISREG(in->raw->mode) || S_ISDIR(in->raw->mode) ? in->raw->size_hi : 0;

	return in->raw->size_lo | hi << 32;
}

void inode_set_size(struct ext4 *fs, struct inode *in, uint64_t size)
{
	in->raw->size_lo = (uint32_t)size;
	if (S_ISREG(in->raw->mode) || S_ISDIR(in->raw->mode))
		in->raw->size_hi = (uint32_t)(size >> 32);
}

uint64_t inode_sectors(const struct ext4 *fs, const struct inode *in)
{
	uint64_t n = in->raw->blocks_lo;

	if (fs->ro & RO_HUGE_FILE)
		n |= (uint64_t)in->raw->blocks_hi << 32;
	return in->raw->flags & INODE_HUGE_FILE ? n << (fs->bits - 9) : n;
}

void inode_add_blocks(struct ext4 *fs, struct inode *in, int64_t blocks)
{
	bool huge = in->raw->flags & INODE_HUGE_FILE;
	uint64_t n = inode_sectors(fs, in) + ((uint64_t)blocks << (fs->bits - 9));

	if (huge)
		n >>= fs->bits - 9;
	in->raw->blocks_lo = (uint32_t)n;
	if (fs->ro & RO_HUGE_FILE)
		in->raw->blocks_hi = (uint16_t)(n >> 32);
}

// The 34-bit second and 30-bit nanosecond of Documentation/filesystems/ext4/inodes.rst, "Inode
// Timestamps".
static bool time_at(const struct ext4 *fs, const struct inode *in, enum inode_time which,
		    uint32_t **sec, uint32_t **extra)
{
	struct disk_inode *raw = in->raw;
	uint32_t room = fs->inode_size > INODE_OLD_SIZE ? raw->extra_isize + INODE_OLD_SIZE : 0;

	*sec = which == TIME_A ? &raw->atime : which == TIME_M ? &raw->mtime :
	       which == TIME_C ? &raw->ctime : &raw->crtime;
	*extra = which == TIME_A ? &raw->atime_extra : which == TIME_M ? &raw->mtime_extra :
		 which == TIME_C ? &raw->ctime_extra : &raw->crtime_extra;
	return room >= (size_t)((uint8_t *)(*extra + 1) - (uint8_t *)raw);
}

int64_t inode_time(const struct ext4 *fs, const struct inode *in, enum inode_time which)
{
	uint32_t *sec, *extra;
	bool wide = time_at(fs, in, which, &sec, &extra);
	int64_t s = (int32_t)*sec;

	if (!wide)
		return s * SECOND;
	s += (int64_t)(*extra & 3) << 32;
	return MIN(s, INT64_MAX / SECOND - 1) * SECOND + (*extra >> 2) % SECOND;
}

void inode_set_time(const struct ext4 *fs, struct inode *in, enum inode_time which, int64_t ns)
{
	uint32_t *sec, *extra;
	bool wide = time_at(fs, in, which, &sec, &extra);
	int64_t s = ns / SECOND, rest = ns % SECOND;

	if (rest < 0) {
		s--;
		rest += SECOND;
	}
	// Seconds from -2^31 on; without the extra bits only to 2^31.
	s = MAX(s, (int64_t)INT32_MIN);
	s = MIN(s, wide ? INT32_MIN + 4 * (1ll << 32) - 1 : (int64_t)INT32_MAX);
	if (!wide && which == TIME_CREATED)
		return;
	*sec = (uint32_t)s;
	if (wide)
		*extra = (uint32_t)((s - (int32_t)s) >> 32 & 3) | (uint32_t)rest << 2;
}

int64_t wall_now(void)
{
	return (int64_t)time_now() + time_wall_offset();
}

void inode_touch(const struct ext4 *fs, struct inode *in, bool modified)
{
	int64_t now = wall_now();

	inode_set_time(fs, in, TIME_C, now);
	if (modified)
		inode_set_time(fs, in, TIME_M, now);
}

bool inode_extents(const struct inode *in)
{
	return in->raw->flags & INODE_EXTENTS;
}

// Contents that go through the journal: of directories and symbolic links.
bool inode_journalled(const struct inode *in)
{
	return !S_ISREG(in->raw->mode);
}

uint64_t inode_max_size(const struct ext4 *fs, const struct inode *in)
{
	uint64_t blocks = inode_extents(in) ? UINT32_MAX : indirect_blocks(fs);
	uint64_t sectors = fs->ro & RO_HUGE_FILE ? 1ull << 48 : 1ull << 32;

	if (!(fs->ro & RO_LARGE_FILE))
		return INT32_MAX;
	return MIN(blocks << fs->bits, (sectors << 9) - (sectors << 9) / 64);
}

void inode_attr(const struct ext4 *fs, const struct inode *in, struct volume_attr *a)
{
	const struct disk_inode *raw = in->raw;

	*a = (struct volume_attr){
		.dev = fs->o.dev,
		.ino = in->ino,
		.nlink = raw->links,
		.size = inode_size(in),
		.blocks = inode_sectors(fs, in),
		.mode = raw->mode,
		.uid = raw->uid_lo | (uint32_t)raw->uid_hi << 16,
		.gid = raw->gid_lo | (uint32_t)raw->gid_hi << 16,
		.blksize = fs->bs,
		.atime_ns = inode_time(fs, in, TIME_A),
		.mtime_ns = inode_time(fs, in, TIME_M),
		.ctime_ns = inode_time(fs, in, TIME_C),
		.own = 1,
	};
}
