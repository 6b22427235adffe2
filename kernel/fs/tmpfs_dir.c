// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Directories in memory. An entry says that a name leads to a node, or to nothing (then it hides a
// name of the directory behind); names without an entry are looked up behind. All entries are in
// one hash table, by directory and name.
#include <fs/tmpfs.h>
#include <fs/abi.h>
#include <mm/mm.h>

#pragma weak tmpfs_link
#pragma weak tmpfs_unlink
#pragma weak tmpfs_rename

static struct {
	struct entry **bucket;
	unsigned size, count;
} table;

static uint32_t hash_of(const struct tnode *dir, const char *name, size_t len)
{
	uint32_t h = 2166136261u ^ (uint32_t)((uintptr_t)dir >> 4); // FNV-1a

	while (len--)
		h = (h ^ (uint8_t)*name++) * 16777619u;
	return h ^ h >> 15;
}

static struct entry *entry_find(const struct tnode *dir, const char *name, size_t len)
{
	uint32_t h = hash_of(dir, name, len);
	struct entry *e;

	if (!table.size)
		return NULL;
	for (e = table.bucket[h & (table.size - 1)]; e; e = e->next)
		if (e->hash == h && e->dir == dir && e->len == len && !memcmp(e->name, name, len))
			return e;
	return NULL;
}

static bool table_grow(void)
{
	unsigned size = table.size ? table.size * 4 : 64;
	struct entry **bucket = kzalloc(size * sizeof(struct entry *));

	if (!bucket)
		return table.size; // longer chains will do
	for (unsigned i = 0; i < table.size; i++) {
		for (struct entry *e = table.bucket[i], *next; e; e = next) {
			next = e->next;
			e->next = bucket[e->hash & (size - 1)];
			bucket[e->hash & (size - 1)] = e;
		}
	}
	kfree(table.bucket);
	table.bucket = bucket;
	table.size = size;
	return true;
}

static void entry_free(struct entry *e)
{
	struct entry **p = &table.bucket[e->hash & (table.size - 1)];

	while (*p != e)
		p = &(*p)->next;
	*p = e->next;
	table.count--;
	list_del(&e->link);
	kfree(e);
}

// The entry of a name, made if there is none so that it says what is true already: the name leads
// to `now` (NULL: to nothing).
struct entry *tmpfs_entry_obtain(struct tnode *dir, const char *name, size_t len, struct tnode *now)
{
	struct entry *e = entry_find(dir, name, len);

	if (e)
		return e;
	if (table.count >= table.size && !table_grow())
		return NULL;
	e = kmalloc(sizeof(*e) + len);
	if (!e)
		return NULL;
	*e = (struct entry){
		.dir = dir, .node = now, .off = dir->dir.last_off++, .len = (uint8_t)len
	};
	memcpy(e->name, name, len);
	e->hash = hash_of(dir, name, len);
	e->next = table.bucket[e->hash & (table.size - 1)];
	table.bucket[e->hash & (table.size - 1)] = e;
	table.count++;
	list_add_tail(&dir->dir.entries, &e->link);
	if (now)
		vnode_get(&now->v);
	tmpfs_changed(dir, false);
	return e;
}

void tmpfs_entry_set(struct entry *e, struct tnode *node)
{
	struct tnode *old = e->node;

	if (node)
		vnode_get(&node->v);
	e->node = node;
	if (old)
		vnode_put(&old->v);
	tmpfs_changed(e->dir, true);
}

// An entry that hides nothing is not needed.
void tmpfs_entry_tidy(struct entry *e)
{
	uint64_t nid;

	if (!e->node && (!e->dir->has_lower || erofs_lookup(tmpfs_image, &e->dir->lower, e->name,
							    e->len, &nid) == -ENOENT))
		entry_free(e);
}

void tmpfs_dir_release(struct tnode *t)
{
	list_for_each_safe(p, &t->dir.entries) {
		struct entry *e = list_entry(p, struct entry, link);

		if (e->node)
			vnode_put(&e->node->v);
		entry_free(e);
	}
}

int tmpfs_find(struct tnode *dir, const char *name, size_t len, struct tnode **out)
{
	struct entry *e = entry_find(dir, name, len);
	uint64_t nid;
	int r;

	if (e && e->node) {
		vnode_get(&e->node->v);
		*out = e->node;
		return 0;
	}
	if (e || !dir->has_lower)
		return -ENOENT;
	r = erofs_lookup(tmpfs_image, &dir->lower, name, len, &nid);
	return r ? r : tmpfs_lower_node(nid, dir, out);
}

static int dir_lookup(struct vnode *dir, const char *name, size_t len, struct vnode **out)
{
	struct tnode *t;
	int r = tmpfs_find(to_tnode(dir), name, len, &t);

	if (!r)
		*out = &t->v;
	return r;
}

// Makes the name, which leads nowhere, lead to t.
int tmpfs_name_add(struct tnode *dir, const char *name, size_t len, struct tnode *t)
{
	struct entry *e =
		dir->nlink && !tmpfs_full() ? tmpfs_entry_obtain(dir, name, len, NULL) : NULL;

	if (!e)
		return dir->nlink ? -ENOSPC : -ENOENT;
	tmpfs_entry_set(e, t);
	if (S_ISDIR(t->v.mode)) {
		t->v.parent = vnode_get(&dir->v);
		dir->nlink++;
	}
	return 0;
}

static int dir_create(struct vnode *dir, const char *name, size_t len, uint32_t mode, uint64_t rdev,
		      const char *target, struct vnode **out)
{
	struct tnode *d = to_tnode(dir), *t = tmpfs_node(mode);
	int r = 0;

	if (!t)
		return -ENOSPC;
	t->rdev = rdev;
	if (dir->mode & S_ISGID) {
		t->gid = d->gid;
		t->v.mode |= S_ISDIR(mode) ? S_ISGID : 0;
	}
	if (target) {
		t->size = strlen(target);
		t->target = kmalloc(t->size);
		if (t->target)
			memcpy(t->target, target, t->size);
		else
			r = -ENOSPC;
	}
	if (!r)
		r = tmpfs_name_add(d, name, len, t);
	if (r)
		vnode_put(&t->v);
	else
		*out = &t->v;
	return r;
}

static int read_lower(struct tnode *d, uint64_t *off, struct dir_sink *sink)
{
	uint64_t pos = *off - OFF_LOWER;
	struct erofs_entry e;
	int r;

	while (d->has_lower && (r = erofs_next(tmpfs_image, &d->lower, &pos, &e)) != 0) {
		if (r < 0)
			return r;
		if ((e.name[0] != '.' || (e.len > 1 && (e.name[1] != '.' || e.len > 2))) &&
		    !entry_find(d, e.name, e.len) &&
		    !sink->emit(sink, e.name, e.len, e.nid, erofs_dtype(e.type), pos + OFF_LOWER))
			return 1;
		*off = pos + OFF_LOWER;
	}
	*off = OFF_ENTRIES;
	return 0;
}

static int dir_readdir(struct vnode *dir, uint64_t *off, struct dir_sink *sink)
{
	struct tnode *d = to_tnode(dir);
	struct vnode *parent;
	int r;

	if (!d->nlink)
		return -ENOENT; // removed
	if (*off == 0) {
		if (!sink->emit(sink, ".", 1, d->ino, 4, 1))
			return 0;
		*off = 1;
	}
	if (*off == 1) {
		parent = vnode_parent(dir);
		r = sink->emit(sink, "..", 2, to_tnode(parent)->ino, 4, OFF_LOWER);
		vnode_put(parent);
		if (!r)
			return 0;
		*off = OFF_LOWER;
	}
	if (*off < OFF_ENTRIES) {
		r = read_lower(d, off, sink);
		if (r)
			return MIN(r, 0);
	}
	list_for_each(p, &d->dir.entries) {
		struct entry *e = list_entry(p, struct entry, link);

		if (e->off < *off - OFF_ENTRIES || !e->node)
			continue;
		if (!sink->emit(sink, e->name, e->len, e->node->ino, e->node->v.mode >> 12 & 15,
				OFF_ENTRIES + e->off + 1))
			return 0;
		*off = OFF_ENTRIES + e->off + 1;
	}
	return 0;
}

const struct vnode_ops tmpfs_dir_ops = {
	.lookup = dir_lookup,
	.create = dir_create,
	.link = tmpfs_link,
	.unlink = tmpfs_unlink,
	.rename = tmpfs_rename,
	.readdir = dir_readdir,
	.getattr = tmpfs_getattr,
	.setattr = tmpfs_setattr,
	.release = tmpfs_release,
};
