// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Operations on files: attributes, data, what is made durable.
#include <fs/ext4/priv.h>

#define SUPER_MAGIC_STATFS 0xef53 /* include/uapi/linux/magic.h: EXT4_SUPER_MAGIC */
#define SEEK_DATA 3
#define SEEK_HOLE 4

// What chattr(1) has made unchangeable stays so, as on Linux.
static int may_change(const struct inode *in)
{
	return in->raw->flags & (INODE_IMMUTABLE | INODE_APPEND) ? -EPERM : 0;
}

int64_t do_getattr(struct call *c)
{
	struct inode in;
	int r = inode_get(c->fs, c->node->ino, &in);

	if (!r)
		inode_attr(c->fs, &in, &c->r->attr);
	return r;
}

static int set_attr(struct ext4 *fs, void *arg)
{
	struct call *c = arg;
	const struct volume_attr *a = &c->r->attr;
	uint32_t what = c->r->flags;
	struct inode in;
	int r = inode_get(fs, c->node->ino, &in);

	if (!r)
		r = may_change(&in);
	if (!r)
		r = inode_change(fs, &in);
	if (r)
		return r;
	if (what & VOLUME_F_SET_MODE)
		in.raw->mode = (uint16_t)((in.raw->mode & S_IFMT) | (a->mode & 07777));
	if (what & VOLUME_F_SET_ATIME)
		inode_set_time(fs, &in, TIME_A, a->atime_ns);
	if (what & VOLUME_F_SET_MTIME)
		inode_set_time(fs, &in, TIME_M, a->mtime_ns);
	inode_touch(fs, &in, false);
	return 0;
}

static int set_size(struct call *c)
{
	struct inode in;
	int r = inode_get(c->fs, c->node->ino, &in);

	if (r)
		return r;
	if (!S_ISREG(in.raw->mode))
		return -EINVAL;
	r = may_change(&in);
	return r ? r : file_truncate(c->fs, c->node->ino, c->r->attr.size);
}

int64_t do_setattr(struct call *c)
{
	int r = c->r->flags & VOLUME_F_SET_SIZE ? set_size(c) : 0;

	if (!r && (c->r->flags & ~(uint32_t)VOLUME_F_SET_SIZE))
		r = op_run(c->fs, set_attr, c);
	return r ? r : do_getattr(c);
}

int64_t do_open(struct call *c)
{
	bool write = c->r->flags & VOLUME_F_WRITE;
	struct inode in;
	int r = inode_get(c->fs, c->node->ino, &in);

	if (r)
		return r;
	if (write && c->fs->readonly)
		return -EROFS;
	if (write && S_ISDIR(in.raw->mode))
		return -EISDIR;
	if (!S_ISREG(in.raw->mode) && !S_ISDIR(in.raw->mode))
		return S_ISLNK(in.raw->mode) ? -ELOOP : -ENXIO;
	if (write && (in.raw->flags & INODE_IMMUTABLE))
		return -EPERM;
	c->node->opened = true;
	c->node->writable |= write;
	return 0;
}

static int is_file(struct call *c)
{
	struct inode in;
	int r = inode_get(c->fs, c->node->ino, &in);

	if (!r && !S_ISREG(in.raw->mode))
		r = S_ISDIR(in.raw->mode) ? -EISDIR : -EINVAL;
	return r;
}

int64_t do_read(struct call *c)
{
	int r = is_file(c);

	return r ? r : file_read(c->fs, c->node, c->r->off, c->data, c->r->len);
}

int64_t do_write(struct call *c)
{
	uint64_t off = c->r->off;
	struct inode in;
	int64_t n = inode_get(c->fs, c->node->ino, &in);

	if (n)
		return n;
	if (c->r->flags & VOLUME_F_APPEND)
		off = inode_size(&in);
	else if (in.raw->flags & INODE_APPEND)
		return -EPERM;
	n = file_write(c->fs, c->node, off, c->data, c->r->len);
	if (n > 0 && (c->r->flags & (VOLUME_F_SYNC | VOLUME_F_DSYNC))) {
		int r = ext4_sync(c->fs, !(c->r->flags & VOLUME_F_SYNC));

		if (r)
			return r;
	}
	c->r->end = off + (uint64_t)MAX(n, (int64_t)0);
	return n;
}

int64_t do_seek(struct call *c)
{
	int r = is_file(c);

	if (r || (c->r->mode != SEEK_DATA && c->r->mode != SEEK_HOLE))
		return r ? r : -EINVAL;
	return file_seek(c->fs, c->node->ino, c->r->off, c->r->mode == SEEK_DATA);
}

int64_t do_allocate(struct call *c)
{
	int r = is_file(c);

	return r ? r : file_allocate(c->fs, c->node->ino, c->r->mode, c->r->off, c->r->len);
}

// data: what only changes times may wait.
int ext4_sync(struct ext4 *fs, bool data)
{
	int r;

	if (fs->broken)
		return -EIO;
	if (fs->tx_count && (!data || fs->tx_needed))
		return commit(fs);
	r = data_flush(fs);
	return r ? r : dev_flush(fs);
}

int64_t do_fsync(struct call *c)
{
	return ext4_sync(c->fs, c->r->flags & VOLUME_F_DATA);
}

int64_t do_syncfs(struct call *c)
{
	return ext4_sync(c->fs, false);
}

static int count(struct ext4 *fs, struct volume_statfs *st)
{
	for (uint32_t i = 0; i < fs->groups; i++) {
		struct group g;
		int r = group_get(fs, i, &g);

		if (r)
			return r;
		st->bfree += group_free_blocks(fs, &g);
		st->ffree += group_free_inodes(fs, &g);
	}
	return 0;
}

int64_t do_statfs(struct call *c)
{
	struct volume_statfs *st = &c->r->statfs;
	struct ext4 *fs = c->fs;
	struct disk_super *s;
	struct buf *b;
	uint64_t reserved;
	int r = super_get(fs, &b, &s);

	if (r)
		return r;
	reserved = s->r_blocks_count_lo;
	if (fs->incompat & INCOMPAT_64BIT)
		reserved |= (uint64_t)s->r_blocks_count_hi << 32;
	*st = (struct volume_statfs){ .type = SUPER_MAGIC_STATFS, .bsize = fs->bs,
				      .blocks = fs->blocks - fs->first_block,
				      .files = fs->inodes, .namelen = VOLUME_NAME_MAX,
				      .frsize = fs->bs, .flags = fs->readonly };
	r = count(fs, st);
	st->bavail = st->bfree - MIN(reserved, st->bfree);
	return r;
}
