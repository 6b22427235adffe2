// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Inodes that somebody must go on with after a crash: without names but still in use, or being
// truncated. They are a list from the superblock through the inodes' dtime
// (Documentation/filesystems/ext4/orphan.rst).
#include <fs/ext4/priv.h>

#define ORPHANS_MAX 65536u // a list that is longer goes in a circle

// Is it on the list already? Then `before` is the inode before it (ino 0: the superblock).
static int find(struct ext4 *fs, uint32_t ino, struct inode *before)
{
	struct disk_super *s;
	struct buf *b;
	int r = super_get(fs, &b, &s);
	uint32_t next;

	if (r)
		return r;
	before->ino = 0;
	next = s->last_orphan;
	for (uint32_t n = 0; next && next != ino; n++) {
		r = n > ORPHANS_MAX ? ext4_bad(fs, "its list of orphans has no end", next) :
				      inode_get(fs, next, before);
		if (r)
			return r;
		next = before->raw->dtime;
	}
	return next == ino;
}

int orphan_add(struct ext4 *fs, struct inode *in)
{
	struct disk_super *s;
	struct inode before;
	struct buf *b;
	int r = find(fs, in->ino, &before);

	if (r)
		return MIN(r, 0);
	r = super_get(fs, &b, &s);
	if (!r)
		r = op_write(fs, b);
	if (!r)
		r = inode_change(fs, in);
	if (r)
		return r;
	in->raw->dtime = s->last_orphan;
	s->last_orphan = in->ino;
	return 0;
}

int orphan_remove(struct ext4 *fs, struct inode *in)
{
	struct disk_super *s;
	struct inode before;
	struct buf *b;
	int r = find(fs, in->ino, &before);

	if (r <= 0)
		return r;
	r = inode_change(fs, in);
	if (!r && before.ino)
		r = inode_change(fs, &before);
	if (!r && !before.ino) {
		r = super_get(fs, &b, &s);
		if (!r)
			r = op_write(fs, b);
		if (!r)
			s->last_orphan = in->raw->dtime;
	}
	if (r)
		return r;
	if (before.ino)
		before.raw->dtime = in->raw->dtime;
	in->raw->dtime = 0;
	return 0;
}

static int finish(struct ext4 *fs, void *arg)
{
	struct inode in;
	int r = inode_get(fs, *(uint32_t *)arg, &in);

	if (!r)
		r = orphan_remove(fs, &in);
	return r ? r : inode_free(fs, &in);
}

static bool has_blocks(const struct inode *in)
{
	uint32_t type = in->raw->mode & S_IFMT;

	return type == S_IFREG || type == S_IFDIR ||
	       (type == S_IFLNK && (inode_extents(in) || in->raw->size_lo >= INODE_BLOCKS * 4));
}

static int free_some(struct ext4 *fs, void *arg)
{
	struct inode in;
	int r = inode_edit(fs, *(uint32_t *)arg, &in);

	if (r)
		return r;
	inode_set_size(fs, &in, 0);
	return map_free(fs, &in, 0, UINT32_MAX);
}

int orphan_reap(struct ext4 *fs, uint32_t ino)
{
	struct inode in;
	int r = inode_get(fs, ino, &in);

	if (!r && has_blocks(&in)) {
		do {
			r = op_run(fs, free_some, &ino);
			cache_trim(fs); // who calls holds no buffers
		} while (r > 0);
	}
	return r ? r : op_run(fs, finish, &ino);
}

int orphans_process(struct ext4 *fs)
{
	for (uint32_t n = 0; n < ORPHANS_MAX; n++) {
		struct disk_super *s;
		struct inode in;
		struct buf *b;
		uint32_t ino;
		int r = super_get(fs, &b, &s);

		if (r || !s->last_orphan)
			return r;
		ino = s->last_orphan;
		r = inode_get(fs, ino, &in);
		if (!r && in.raw->links)
			r = file_truncate_rest(fs, ino);
		else if (!r)
			r = orphan_reap(fs, ino);
		if (r) {
			ext4_say(fs, "an orphan cannot be removed: run e2fsck");
			return r;
		}
	}
	return -EUCLEAN;
}
