// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files that become shorter or longer, and rooms in them. What takes more than one operation is on
// the list of orphans meanwhile, so that after a crash somebody goes on with it.
#include <fs/ext4/priv.h>

#define KEEP_SIZE 1 /* include/uapi/linux/falloc.h */
#define PUNCH_HOLE 2

struct change {
	uint32_t ino;
	uint64_t from, to; // bytes; blocks where it says so
	bool more;
};

// Zeros inside one block, if there is one.
int file_zero(struct ext4 *fs, struct inode *in, uint64_t from, uint64_t to)
{
	static const uint8_t zeros[BLOCK_MAX];
	struct run run;
	int r;

	if (from >= to)
		return 0;
	r = map_get(fs, in, (uint32_t)(from >> fs->bits), 1, &run);
	if (r || !run.block || run.unwritten)
		return r;
	return data_write(fs, run.block, from & (fs->bs - 1), zeros, to - from, false);
}

static uint32_t blocks_to(const struct ext4 *fs, uint64_t size)
{
	return (uint32_t)MIN((size + fs->bs - 1) >> fs->bits, (uint64_t)UINT32_MAX);
}

static int begin(struct ext4 *fs, void *arg)
{
	struct change *c = arg;
	struct inode in;
	int r = inode_edit(fs, c->ino, &in);

	if (r)
		return r;
	if (c->to > inode_max_size(fs, &in))
		return -EFBIG;
	inode_touch(fs, &in, c->to != inode_size(&in));
	in.raw->mode &= (uint16_t)~(S_ISUID | S_ISGID);
	c->from = inode_size(&in);
	inode_set_size(fs, &in, c->to);
	if (c->to > c->from)
		return 0;
	r = map_free(fs, &in, blocks_to(fs, c->to), UINT32_MAX);
	c->more = r > 0;
	return c->more && in.raw->links ? orphan_add(fs, &in) : MIN(r, 0);
}

static int go_on(struct ext4 *fs, void *arg)
{
	struct change *c = arg;
	struct inode in;
	int r = inode_get(fs, c->ino, &in);

	if (!r)
		r = map_free(fs, &in, blocks_to(fs, inode_size(&in)), UINT32_MAX);
	c->more = r > 0;
	return !r && in.raw->links ? orphan_remove(fs, &in) : MIN(r, 0);
}

// Behind the end there are zeros, for when the file grows.
static int zero_tail(struct ext4 *fs, uint32_t ino)
{
	struct inode in;
	int r = inode_get(fs, ino, &in);
	uint64_t size = r ? 0 : inode_size(&in);

	return r ? r : file_zero(fs, &in, size, ALIGN_UP(size, (uint64_t)fs->bs));
}

int file_truncate_rest(struct ext4 *fs, uint32_t ino)
{
	struct change c = { .ino = ino, .more = true };
	int r = zero_tail(fs, ino);

	while (!r && c.more) {
		cache_trim(fs);
		r = op_run(fs, go_on, &c);
	}
	return r;
}

// A file without names is on the list already, and stays there. A file that keeps its size loses
// what was allocated behind its end.
int file_truncate(struct ext4 *fs, uint32_t ino, uint64_t size)
{
	struct change c = { .ino = ino, .to = size };
	int r = op_run(fs, begin, &c);

	if (r || c.more)
		return r ? r : file_truncate_rest(fs, ino);
	return size < c.from ? zero_tail(fs, ino) : 0;
}

static int punch(struct ext4 *fs, void *arg)
{
	struct change *c = arg;
	struct inode in;
	int r = inode_edit(fs, c->ino, &in);

	if (r)
		return r;
	inode_touch(fs, &in, true);
	if (c->from < c->to)
		r = map_free(fs, &in, (uint32_t)c->from, (uint32_t)c->to);
	c->more = r > 0;
	return MIN(r, 0);
}

static int punch_hole(struct ext4 *fs, uint32_t ino, uint64_t off, uint64_t end)
{
	uint64_t first = ALIGN_UP(off, (uint64_t)fs->bs), last = ALIGN_DOWN(end, (uint64_t)fs->bs);
	struct change c = { .ino = ino, .from = first >> fs->bits,
			    .to = MIN(last >> fs->bits, (uint64_t)UINT32_MAX) };
	struct inode in;
	int r = inode_get(fs, ino, &in);

	if (r)
		return r;
	end = MIN(end, ALIGN_UP(inode_size(&in), (uint64_t)fs->bs));
	if (off >= end)
		return 0;
	if (first > last) // inside one block
		return file_zero(fs, &in, off, end);
	do {
		r = op_run(fs, punch, &c);
		cache_trim(fs);
	} while (!r && c.more);
	if (!r)
		r = inode_get(fs, ino, &in);
	if (!r)
		r = file_zero(fs, &in, off, MIN(first, end));
	return r ? r : file_zero(fs, &in, last, end);
}

// One run of blocks that read as zeros: c->from, in blocks, moves on.
static int reserve(struct ext4 *fs, void *arg)
{
	struct change *c = arg;
	uint32_t at = (uint32_t)c->from;
	struct inode in;
	struct run run;
	int r = inode_get(fs, c->ino, &in);

	if (!r)
		r = map_get(fs, &in, at, (uint32_t)c->to - at, &run);
	// An extent that is not written yet may be one block shorter.
	if (!r && !run.block)
		r = map_alloc(fs, &in, at, MIN(run.len, EXTENT_LEN_MAX - 1), true, &run);
	c->from += r ? 0 : run.len;
	return r;
}

static int grow(struct ext4 *fs, void *arg)
{
	struct change *c = arg;
	struct inode in;
	int r = inode_edit(fs, c->ino, &in);

	if (r)
		return r;
	inode_touch(fs, &in, c->to > inode_size(&in));
	if (c->to > inode_size(&in))
		inode_set_size(fs, &in, c->to);
	return 0;
}

int file_allocate(struct ext4 *fs, uint32_t ino, uint32_t mode, uint64_t off, uint64_t len)
{
	struct change c = { .ino = ino, .from = off >> fs->bits };
	struct inode in;
	int r = inode_get(fs, ino, &in);

	if (r)
		return r;
	if (mode & ~(uint32_t)(KEEP_SIZE | PUNCH_HOLE) || mode == PUNCH_HOLE)
		return -EOPNOTSUPP;
	if (!len)
		return -EINVAL;
	if (mode & PUNCH_HOLE)
		return punch_hole(fs, ino, off, off + len);
	if (!inode_extents(&in))
		return -EOPNOTSUPP;
	if (off + len > inode_max_size(fs, &in))
		return -EFBIG;
	c.to = blocks_to(fs, off + len);
	while (c.from < c.to && !r) {
		r = op_run(fs, reserve, &c);
		cache_trim(fs);
	}
	c.to = off + len;
	return r || (mode & KEEP_SIZE) ? r : op_run(fs, grow, &c);
}
