// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names that are looked up, made and taken away.
#include <fs/ext4/priv.h>

#define LINKS_MAX 65000u // Linux: EXT4_LINK_MAX
#define TARGET_MAX 4095u // PATH_MAX with its NUL

// The answer is the node and attributes of an inode.
static int answer(struct call *c, uint32_t ino)
{
	struct node *n;
	struct inode in;
	int r = inode_get(c->fs, ino, &in);

	if (r)
		return r;
	if (!in.raw->links)
		return ext4_bad(c->fs, "a name leads to a file that is not there", ino);
	n = node_make(c->fs, ino);
	if (!n)
		return -ENOMEM;
	inode_attr(c->fs, &in, &c->r->attr);
	c->r->found = n->number;
	return 0;
}

int dir_of(struct ext4 *fs, const struct node *n, struct inode *dir, bool change)
{
	int r = inode_get(fs, n->ino, dir);

	if (r)
		return r;
	if (!S_ISDIR(dir->raw->mode))
		return -ENOTDIR;
	if (!dir->raw->links)
		return -ENOENT;
	return change && (dir->raw->flags & INODE_IMMUTABLE) ? -EPERM : 0;
}

int64_t do_lookup(struct call *c)
{
	struct inode dir;
	struct place p;
	int r = dir_of(c->fs, c->node, &dir, false);

	if (!r)
		r = dir_find(c->fs, &dir, c->r->name, c->r->name_len, &p);
	return r ? r : answer(c, p.e->inode);
}

static int absent(struct ext4 *fs, struct inode *dir, const char *name, size_t len)
{
	struct place p;
	int r = dir_find(fs, dir, name, len, &p);

	return r == -ENOENT ? 0 : r ? r : -EEXIST;
}

// A directory with too many below it says 1: the feature dir_nlink.
static int more_links(struct ext4 *fs, struct inode *in)
{
	int r = inode_change(fs, in);

	if (r)
		return r;
	if (S_ISDIR(in->raw->mode) && in->raw->links == 1)
		return 0;
	if (in->raw->links < LINKS_MAX) {
		in->raw->links++;
		return 0;
	}
	if (!S_ISDIR(in->raw->mode) || !(fs->ro & RO_DIR_NLINK))
		return -EMLINK;
	in->raw->links = 1;
	return 0;
}

int dir_links(struct ext4 *fs, struct inode *dir, int by)
{
	int r = inode_change(fs, dir);

	if (r || by > 0)
		return r ? r : more_links(fs, dir);
	if (by && dir->raw->links > 2)
		dir->raw->links--;
	return 0;
}

static int put_target(struct ext4 *fs, struct inode *in, const uint8_t *target, uint32_t len)
{
	struct run run;
	struct buf *b;
	int r;

	inode_set_size(fs, in, len);
	if (len < INODE_BLOCKS * 4) {
		memset(in->raw->block, 0, sizeof(in->raw->block));
		memcpy(in->raw->block, target, len);
		in->raw->flags &= ~(uint32_t)INODE_EXTENTS;
		return 0;
	}
	if (len >= fs->bs)
		return -ENAMETOOLONG;
	r = map_alloc(fs, in, 0, 1, false, &run);
	if (!r)
		r = buf_new(fs, run.block, KIND_LINK, 0, &b);
	if (!r)
		memcpy(b->data, target, len);
	return r;
}

static int create(struct ext4 *fs, void *arg)
{
	struct call *c = arg;
	uint32_t mode = c->r->mode & (S_IFMT | 07777);
	struct inode dir, in;
	int r = dir_of(fs, c->node, &dir, true);

	if (!r)
		r = absent(fs, &dir, c->r->name, c->r->name_len);
	if (!r)
		r = inode_alloc(fs, dir.ino, mode, &in);
	if (!r && S_ISDIR(mode))
		r = dir_make(fs, &in, dir.ino);
	if (!r && S_ISDIR(mode)) {
		in.raw->links = 2;
		r = dir_links(fs, &dir, 1);
	}
	if (!r && S_ISLNK(mode))
		r = put_target(fs, &in, c->data, (uint32_t)c->r->len);
	if (!r)
		r = dir_add(fs, &dir, c->r->name, c->r->name_len, in.ino, mode);
	c->r->found2 = r ? 0 : in.ino;
	return r;
}

int64_t do_create(struct call *c)
{
	uint32_t type = c->r->mode & S_IFMT;
	struct node *n;
	int r;

	if (type == S_IFCHR || type == S_IFBLK)
		return -EPERM;
	if (type != S_IFREG && type != S_IFDIR && type != S_IFLNK && type != S_IFIFO &&
	    type != S_IFSOCK)
		return -EINVAL;
	if (type == S_IFLNK && (!c->r->len || memchr(c->data, 0, c->r->len)))
		return c->r->len ? -EINVAL : -ENOENT;
	if (type == S_IFLNK && c->r->len > TARGET_MAX)
		return -ENAMETOOLONG;
	r = op_run(c->fs, create, c);
	if (!r)
		r = answer(c, c->r->found2);
	c->r->found2 = 0;
	if (r)
		return r;
	n = node_at(c->fs, c->r->found);
	if (type == S_IFREG)
		n->opened = n->writable = true;
	return 0;
}

static int link_to(struct ext4 *fs, void *arg)
{
	struct call *c = arg;
	struct inode dir, in;
	int r = dir_of(fs, c->node, &dir, true);

	if (!r)
		r = absent(fs, &dir, c->r->name, c->r->name_len);
	if (!r)
		r = inode_get(fs, c->other->ino, &in);
	if (r)
		return r;
	if (S_ISDIR(in.raw->mode) || (in.raw->flags & (INODE_IMMUTABLE | INODE_APPEND)))
		return -EPERM;
	if (!in.raw->links)
		return -ENOENT;
	r = more_links(fs, &in);
	if (r)
		return r;
	inode_touch(fs, &in, false);
	return dir_add(fs, &dir, c->r->name, c->r->name_len, in.ino, in.raw->mode);
}

int64_t do_link(struct call *c)
{
	return op_run(c->fs, link_to, c);
}

// An inode has lost a name (a directory: its only one). *gone: it was the last.
int name_lost(struct ext4 *fs, struct inode *in, bool *gone)
{
	int r = inode_change(fs, in);

	*gone = false;
	if (r)
		return r;
	if (!in->raw->links)
		return ext4_bad(fs, "a file has more names than it counts", in->ino);
	in->raw->links = S_ISDIR(in->raw->mode) ? 0 : in->raw->links - 1;
	inode_touch(fs, in, false);
	*gone = !in->raw->links;
	return *gone ? orphan_add(fs, in) : 0;
}

struct gone {
	struct call *c;
	uint32_t ino; // 0: it has other names
	bool file;
};

static int unlink_name(struct ext4 *fs, void *arg)
{
	struct gone *g = arg;
	struct call *c = g->c;
	struct inode dir, in;
	struct place p;
	bool is_dir, gone = false;
	int r = dir_of(fs, c->node, &dir, true);

	if (!r)
		r = dir_find(fs, &dir, c->r->name, c->r->name_len, &p);
	if (!r)
		r = inode_get(fs, p.e->inode, &in);
	if (r)
		return r;
	is_dir = S_ISDIR(in.raw->mode);
	if (is_dir != (bool)(c->r->flags & VOLUME_F_DIRECTORY))
		return is_dir ? -EISDIR : -ENOTDIR;
	if (in.raw->flags & (INODE_IMMUTABLE | INODE_APPEND))
		return -EPERM;
	if (is_dir)
		r = in.ino == ROOT_INO ? -EBUSY : dir_empty(fs, &in);
	if (!r)
		r = dir_remove(fs, &dir, &p);
	if (!r)
		r = name_lost(fs, &in, &gone);
	if (!r && is_dir)
		r = dir_links(fs, &dir, -1);
	g->ino = gone ? in.ino : 0;
	g->file = S_ISREG(in.raw->mode);
	c->r->found2 = in.ino;
	return r;
}

// It goes now, or when the guest forgets it.
int reap_unknown(struct ext4 *fs, uint32_t ino)
{
	return ino && !node_find(fs, ino) ? orphan_reap(fs, ino) : 0;
}

int64_t do_unlink(struct call *c)
{
	struct gone g = { .c = c };
	struct node *n;
	int r = op_run(c->fs, unlink_name, &g);

	n = !r && g.file ? node_find(c->fs, c->r->found2) : NULL;
	c->r->found = n ? n->number : 0;
	c->r->found2 = 0;
	if (!r)
		reap_unknown(c->fs, g.ino); // if that fails it is an orphan still
	return r;
}
