// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reading directories and symbolic links. A position in a directory is where the next entry begins,
// in bytes; entries never move towards the beginning.
#include <fs/ext4/priv.h>

// DT_* from the file types on the disk: directory.rst.
static uint8_t dtype(const struct ext4 *fs, const struct disk_dirent *e)
{
	static const uint8_t types[8] = { 0, 8, 4, 2, 6, 1, 12, 10 };

	return fs->incompat & INCOMPAT_FILETYPE && e->file_type < 8 ? types[e->file_type] : 0;
}

// False: it does not fit.
static bool emit(const struct ext4 *fs, const struct disk_dirent *e, uint64_t next, uint8_t *to,
		 uint64_t room, uint32_t *used)
{
	uint32_t len = ALIGN_UP((uint32_t)sizeof(struct volume_dirent) + e->name_len + 1, 8u);
	struct volume_dirent *d = (void *)(to + *used);

	if (*used + len > room)
		return false;
	memset(d, 0, len);
	d->ino = e->inode;
	d->off = next;
	d->len = (uint16_t)len;
	d->type = dtype(fs, e);
	memcpy(d->name, e->name, e->name_len);
	*used += len;
	return true;
}

static bool name_ok(const struct disk_dirent *e)
{
	return e->name_len && !memchr(e->name, '/', e->name_len) &&
	       !memchr(e->name, 0, e->name_len);
}

int64_t do_readdir(struct call *c)
{
	struct ext4 *fs = c->fs;
	uint64_t pos = c->r->off;
	uint32_t used = 0;
	struct inode dir;
	int r = inode_get(fs, c->node->ino, &dir);

	if (!r && !S_ISDIR(dir.raw->mode))
		r = -ENOTDIR;
	if (!r && !dir.raw->links)
		r = -ENOENT; // removed: as Linux, not even . and ..
	while (!r && pos < inode_size(&dir)) {
		uint64_t first = ALIGN_DOWN(pos, (uint64_t)fs->bs);
		struct disk_dirent *e;
		uint32_t at = 0, was = 0;
		struct buf *b;

		r = dir_block(fs, &dir, (uint32_t)(first >> fs->bits), &b);
		for (; !r && (e = dirent_next(fs, b, &at)); was = at) {
			if (first + was < pos || !e->inode || !name_ok(e))
				continue;
			if (!emit(fs, e, first + at, c->data, c->r->len, &used))
				return used ? (int64_t)used : -EINVAL;
		}
		if (!r && at == UINT32_MAX)
			r = ext4_bad(fs, "a directory is damaged", dir.ino);
		if (!r && !b->state)
			b->held = 0;
		pos = first + fs->bs;
	}
	return used ? (int64_t)used : r;
}

int64_t do_readlink(struct call *c)
{
	struct ext4 *fs = c->fs;
	struct inode in;
	struct run run;
	struct buf *b;
	uint64_t size;
	const void *from;
	int r = inode_get(fs, c->node->ino, &in);

	if (r)
		return r;
	if (!S_ISLNK(in.raw->mode))
		return -EINVAL;
	size = inode_size(&in);
	from = in.raw->block;
	if (inode_extents(&in) || size >= sizeof(in.raw->block)) {
		r = map_get(fs, &in, 0, 1, &run);
		if (!r && (!run.block || size >= fs->bs))
			r = ext4_bad(fs, "a symbolic link has no target", in.ino);
		if (!r)
			r = buf_get(fs, run.block, KIND_LINK, 0, &b);
		if (r)
			return r;
		from = b->data;
	}
	size = MIN(size, c->r->len);
	memcpy(c->data, from, size);
	return (int64_t)size;
}
