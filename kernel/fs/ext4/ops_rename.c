// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A name that moves: one operation, so a crash leaves the old or the new, never both or none.
#include <fs/ext4/priv.h>

#define DEEP_MAX 4096u // directories above each other: more go in a circle

struct move {
	struct call *c;
	struct inode from, to;   // the directories
	struct place fp, tp;
	struct inode what, over; // over.ino 0: the name is free
	uint32_t gone;
};

// Is `dir` below the directory `ino`, or the same?
static int is_below(struct ext4 *fs, const struct inode *dir, uint32_t ino)
{
	struct inode at = *dir;

	for (uint32_t i = 0; i < DEEP_MAX; i++) {
		struct place up;
		uint32_t parent;
		int r;

		if (at.ino == ino)
			return 1;
		if (at.ino == ROOT_INO)
			return 0;
		r = dir_dots(fs, &at, &up);
		parent = r ? 0 : up.e->inode;
		if (!r)
			r = inode_get(fs, parent, &at);
		if (!r && !S_ISDIR(at.raw->mode))
			r = ext4_bad(fs, "a directory's parent is none", at.ino);
		if (r)
			return r;
	}
	return ext4_bad(fs, "directories go in a circle", ino);
}

static int look(struct ext4 *fs, struct move *m)
{
	const struct volume_request *q = m->c->r;
	int r = dir_of(fs, m->c->node, &m->from, true);

	if (!r)
		r = dir_of(fs, m->c->other, &m->to, true);
	if (!r)
		r = dir_find(fs, &m->from, q->name, q->name_len, &m->fp);
	if (!r)
		r = inode_get(fs, m->fp.e->inode, &m->what);
	if (r)
		return r;
	m->over.ino = 0;
	r = dir_find(fs, &m->to, q->name2, q->name2_len, &m->tp);
	if (r == -ENOENT)
		return q->flags & VOLUME_F_EXCHANGE ? r : 0;
	return r ? r : inode_get(fs, m->tp.e->inode, &m->over);
}

static bool fixed(const struct inode *in)
{
	return in->raw->flags & (INODE_IMMUTABLE | INODE_APPEND);
}

static int check(struct ext4 *fs, struct move *m)
{
	bool dir = S_ISDIR(m->what.raw->mode), exchange = m->c->r->flags & VOLUME_F_EXCHANGE;
	bool over_dir = m->over.ino && S_ISDIR(m->over.raw->mode);
	int r = 0;

	if (fixed(&m->what) || (m->over.ino && fixed(&m->over)))
		return -EPERM;
	if (m->over.ino && (m->c->r->flags & VOLUME_F_NOREPLACE))
		return -EEXIST;
	if (dir && (r = is_below(fs, &m->to, m->what.ino)))
		return MIN(r, 0) ? r : -EINVAL;
	if (over_dir && (r = is_below(fs, &m->from, m->over.ino)))
		return MIN(r, 0) ? r : exchange ? -EINVAL : -ENOTEMPTY;
	if (!m->over.ino || exchange)
		return 0;
	if (dir != over_dir)
		return dir ? -ENOTDIR : -EISDIR;
	return over_dir ? dir_empty(fs, &m->over) : 0;
}

// A directory has another parent.
static int reparent(struct ext4 *fs, struct inode *dir, uint32_t parent)
{
	struct place up;
	int r = dir_dots(fs, dir, &up);

	if (!r)
		r = op_write(fs, up.buf);
	if (!r)
		up.e->inode = parent;
	return r;
}

static int touch(struct ext4 *fs, struct inode *in, bool modified)
{
	int r = inode_change(fs, in);

	if (!r)
		inode_touch(fs, in, modified);
	return r;
}

static int exchange(struct ext4 *fs, struct move *m)
{
	bool dir = S_ISDIR(m->what.raw->mode), over = S_ISDIR(m->over.raw->mode);
	bool moves = m->from.ino != m->to.ino;
	int r = dir_set(fs, &m->fp, m->over.ino, m->over.raw->mode);

	if (!r)
		r = dir_set(fs, &m->tp, m->what.ino, m->what.raw->mode);
	if (!r && dir && moves)
		r = reparent(fs, &m->what, m->to.ino);
	if (!r && over && moves)
		r = reparent(fs, &m->over, m->from.ino);
	if (!r && dir != over && moves) {
		r = dir_links(fs, &m->from, dir ? -1 : 1);
		if (!r)
			r = dir_links(fs, &m->to, dir ? 1 : -1);
	}
	if (!r)
		r = touch(fs, &m->from, true);
	if (!r)
		r = touch(fs, &m->to, true);
	if (!r)
		r = touch(fs, &m->over, false);
	return r;
}

static int replace(struct ext4 *fs, struct move *m)
{
	const struct volume_request *q = m->c->r;
	bool dir = S_ISDIR(m->what.raw->mode), gone = false;
	int r;

	if (m->over.ino)
		r = dir_set(fs, &m->tp, m->what.ino, m->what.raw->mode);
	else
		r = dir_add(fs, &m->to, q->name2, q->name2_len, m->what.ino, m->what.raw->mode);
	if (!r && m->over.ino)
		r = name_lost(fs, &m->over, &gone);
	if (!r && gone)
		m->gone = m->over.ino;
	if (!r && m->over.ino)
		r = touch(fs, &m->to, true);
	// Adding may have moved the entry.
	if (!r)
		r = dir_find(fs, &m->from, q->name, q->name_len, &m->fp);
	if (!r)
		r = dir_remove(fs, &m->from, &m->fp);
	if (!r && dir && m->from.ino != m->to.ino) {
		r = reparent(fs, &m->what, m->to.ino);
		if (!r)
			r = dir_links(fs, &m->from, -1);
		if (!r && !m->over.ino)
			r = dir_links(fs, &m->to, 1);
	} else if (!r && dir && m->over.ino) {
		r = dir_links(fs, &m->to, -1);
	}
	return r;
}

static int rename_name(struct ext4 *fs, void *arg)
{
	struct move *m = arg;
	int r;

	m->gone = 0;
	r = look(fs, m);
	if (r)
		return r;
	if (m->over.ino == m->what.ino && !(m->c->r->flags & VOLUME_F_NOREPLACE))
		return 0; // two names of one file: rename(2) does nothing
	r = check(fs, m);
	if (!r)
		r = m->c->r->flags & VOLUME_F_EXCHANGE ? exchange(fs, m) : replace(fs, m);
	return r ? r : touch(fs, &m->what, false);
}

static uint32_t known_dir(struct ext4 *fs, const struct inode *in)
{
	struct node *n = in->ino && S_ISDIR(in->raw->mode) ? node_find(fs, in->ino) : NULL;

	return n ? n->number : 0;
}

int64_t do_rename(struct call *c)
{
	struct move m = { .c = c };
	int r = op_run(c->fs, rename_name, &m);

	if (r)
		return r;
	c->r->found = known_dir(c->fs, &m.what);
	if (c->r->flags & VOLUME_F_EXCHANGE)
		c->r->found2 = known_dir(c->fs, &m.over);
	reap_unknown(c->fs, m.gone);
	return 0;
}
