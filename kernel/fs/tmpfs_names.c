// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names that go, move or multiply: unlink, rename, link in directories in memory. Everything is
// looked up and checked first; then the entries are made that are needed, which changes nothing
// that can be seen; from there on nothing can fail.
#include <fs/tmpfs.h>
#include <fs/abi.h>

int tmpfs_link(struct vnode *dir, const char *name, size_t len, struct vnode *v)
{
	struct tnode *t = to_tnode(v);
	int r;

	if (v->ops->release != tmpfs_release)
		return -EXDEV;
	r = tmpfs_name_add(to_tnode(dir), name, len, t);
	if (r)
		return r;
	t->nlink++;
	tmpfs_changed(t, false);
	return 0;
}

static bool refuse(struct dir_sink *s, const char *name, size_t len, uint64_t ino, unsigned dtype,
		   uint64_t next_off)
{
	s->emit = NULL;
	return false;
}

// May the node of a name go, be it unlinked or replaced?
static int may_remove(struct tnode *t, bool directory)
{
	struct dir_sink sink = { .emit = refuse };
	uint64_t off = OFF_LOWER;
	int r;

	if (t->v.mounted)
		return -EBUSY;
	if (!S_ISDIR(t->v.mode))
		return directory ? -ENOTDIR : 0;
	if (!directory)
		return -EISDIR;
	r = tmpfs_dir_ops.readdir(&t->v, &off, &sink);
	return r ? r : sink.emit ? 0 : -ENOTEMPTY;
}

// t, a node of dir, lost its name.
static void name_lost(struct tnode *dir, struct tnode *t)
{
	if (S_ISDIR(t->v.mode)) {
		dir->nlink--;
		vnode_path_forget();
	}
	tmpfs_name_lost(t);
}

int tmpfs_unlink(struct vnode *dir, const char *name, size_t len, bool directory)
{
	struct tnode *d = to_tnode(dir), *t;
	struct entry *e = NULL;
	int r = tmpfs_find(d, name, len, &t);

	if (r)
		return r;
	r = may_remove(t, directory);
	if (!r) {
		e = tmpfs_entry_obtain(d, name, len, t);
		r = e ? 0 : -ENOMEM;
	}
	if (e) {
		tmpfs_entry_set(e, NULL);
		name_lost(d, t);
		tmpfs_entry_tidy(e);
	}
	vnode_put(&t->v);
	return r;
}

// Is `dir` t itself or below it?
static bool is_below(struct tnode *dir, struct tnode *t)
{
	for (struct vnode *v = &dir->v; v; v = v->parent)
		if (v == &t->v)
			return true;
	return false;
}

static void move_parent(struct tnode *t, struct tnode *from, struct tnode *to)
{
	if (!S_ISDIR(t->v.mode) || from == to)
		return;
	from->nlink--;
	to->nlink++;
	t->v.parent = vnode_get(&to->v);
	vnode_put(&from->v);
}

static int may_rename(struct tnode *from, struct tnode *a, struct tnode *to, struct tnode *b,
		      unsigned flags)
{
	if (b && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (!b && (flags & RENAME_EXCHANGE))
		return -ENOENT;
	if (is_below(to, a) || (b && (flags & RENAME_EXCHANGE) && is_below(from, b)))
		return -EINVAL;
	if (a->v.mounted || (b && b->v.mounted))
		return -EBUSY;
	if (b && is_below(from, b) && !(flags & RENAME_EXCHANGE))
		return -ENOTEMPTY;
	return b && !(flags & RENAME_EXCHANGE) ? may_remove(b, S_ISDIR(a->v.mode)) : 0;
}

int tmpfs_rename(struct vnode *from, const char *fname, size_t flen, struct vnode *to,
		 const char *tname, size_t tlen, unsigned flags)
{
	struct tnode *fd = to_tnode(from), *td = to_tnode(to), *a, *b = NULL;
	struct entry *fe, *te;
	int r = tmpfs_find(fd, fname, flen, &a);

	if (r)
		return r;
	r = tmpfs_find(td, tname, tlen, &b);
	if (r == -ENOENT) {
		b = NULL;
		r = 0;
	}
	if (!r && (a != b || (flags & RENAME_NOREPLACE)))
		r = !td->nlink ? -ENOENT : may_rename(fd, a, td, b, flags);
	if (r || a == b)
		goto out;
	r = -ENOMEM;
	fe = tmpfs_entry_obtain(fd, fname, flen, a);
	te = fe ? tmpfs_entry_obtain(td, tname, tlen, b) : NULL;
	if (!te)
		goto out;
	r = 0;
	tmpfs_entry_set(te, a);
	tmpfs_entry_set(fe, flags & RENAME_EXCHANGE ? b : NULL);
	move_parent(a, fd, td);
	tmpfs_changed(a, false);
	if (flags & RENAME_EXCHANGE) {
		move_parent(b, td, fd);
		tmpfs_changed(b, false);
	} else {
		if (b)
			name_lost(td, b);
		tmpfs_entry_tidy(fe);
	}
	vnode_path_forget();
out:
	vnode_put(&a->v);
	if (b)
		vnode_put(&b->v);
	return r;
}
