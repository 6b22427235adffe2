// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reading and writing files, run by run. A write is as many operations as there are runs; each
// makes room for its part and moves the end of the file, and then the data goes there, before
// anything of it can be committed.
#include <fs/ext4/priv.h>

#define READ_AHEAD 131072u

int64_t file_read(struct ext4 *fs, struct node *n, uint64_t off, uint8_t *to, uint64_t len)
{
	struct inode in;
	int r = inode_get(fs, n->ino, &in);
	uint64_t size, done = 0;
	bool follows = n->read_end == off;

	if (r)
		return r;
	size = inode_size(&in);
	len = off < size ? MIN(len, size - off) : 0;
	while (done < len && !r) {
		uint64_t pos = off + done, skip = pos & (fs->bs - 1);
		uint64_t want = MIN(skip + len - done + (follows ? READ_AHEAD : 0), 1u << 30);
		struct run run;
		size_t part;

		r = map_get(fs, &in, (uint32_t)(pos >> fs->bits),
			    (uint32_t)((want + fs->bs - 1) >> fs->bits), &run);
		if (r)
			break;
		part = MIN(len - done, ((uint64_t)run.len << fs->bits) - skip);
		if (!run.block || run.unwritten)
			memset(to + done, 0, part);
		else
			r = data_read(fs, run.block, skip, to + done, part, follows ? run.len : 0);
		if (!r)
			done += part;
	}
	n->read_end = off + done;
	return done ? (int64_t)done : r;
}

// Room for a part of a write.
struct part {
	uint32_t ino;
	uint64_t off, len;  // wanted; then what can be written now
	struct run run;     // where
	bool fresh;
};

static int make_room(struct ext4 *fs, void *arg)
{
	struct part *p = arg;
	uint32_t at = (uint32_t)(p->off >> fs->bits);
	uint64_t skip = p->off & (fs->bs - 1);
	uint32_t want = (uint32_t)((skip + p->len + fs->bs - 1) >> fs->bits);
	struct inode in;
	int r = inode_get(fs, p->ino, &in);

	if (!r)
		r = map_get(fs, &in, at, want, &p->run);
	if (r)
		return r;
	p->fresh = !p->run.block || p->run.unwritten;
	p->len = MIN(p->len, ((uint64_t)p->run.len << fs->bits) - skip);
	// Nothing but times changes: fdatasync need not wait for that.
	fs->op_lazy = !p->fresh && p->off + p->len <= inode_size(&in);
	if (!p->run.block)
		r = map_alloc(fs, &in, at, p->run.len, false, &p->run);
	else if (p->run.unwritten)
		r = map_written(fs, &in, at, p->run.len);
	if (!r)
		r = inode_change(fs, &in);
	if (r)
		return r;
	p->len = MIN(p->len, ((uint64_t)p->run.len << fs->bits) - skip);
	if (p->off + p->len > inode_size(&in))
		inode_set_size(fs, &in, p->off + p->len);
	in.raw->mode &= (uint16_t)~(S_ISUID | S_ISGID);
	inode_touch(fs, &in, true);
	return 0;
}

static int write_part(struct ext4 *fs, struct part *p, const uint8_t *from)
{
	int r = op_run(fs, make_room, p);

	if (r)
		return r;
	r = data_write(fs, p->run.block, p->off & (fs->bs - 1), from, p->len, p->fresh);
	// The file says that there is data, and it is not: it must not be committed.
	if (r)
		ext4_break(fs, "data could not be written");
	return r;
}

int64_t file_write(struct ext4 *fs, struct node *n, uint64_t off, const uint8_t *from,
		   uint64_t len)
{
	uint64_t done = 0;
	struct inode in;
	int r = inode_get(fs, n->ino, &in);

	if (r)
		return r;
	if (len && off >= inode_max_size(fs, &in))
		return -EFBIG;
	len = MIN(len, inode_max_size(fs, &in) - off);
	while (done < len && !r) {
		struct part p = { .ino = n->ino, .off = off + done, .len = len - done };

		r = write_part(fs, &p, from + done);
		if (!r)
			done += p.len;
	}
	return done ? (int64_t)done : r;
}

int64_t file_seek(struct ext4 *fs, uint32_t ino, uint64_t off, bool data)
{
	struct inode in;
	struct run run;
	uint64_t size;
	int r = inode_get(fs, ino, &in);

	if (r)
		return r;
	size = inode_size(&in);
	if (off >= size)
		return -ENXIO;
	while (off < size) {
		uint64_t blocks = (size + fs->bs - 1) >> fs->bits;
		uint32_t at = (uint32_t)(off >> fs->bits);

		r = map_get(fs, &in, at, (uint32_t)(blocks - at), &run);
		if (r)
			return r;
		if ((run.block && !run.unwritten) == data)
			return (int64_t)off;
		off = ((uint64_t)at + run.len) << fs->bits;
	}
	return data ? -ENXIO : (int64_t)size; // behind the end is a hole
}
