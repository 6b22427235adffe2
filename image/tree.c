// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names and nodes. A node lives as long as it has a name; a directory has one, so the tree is one.
// Every change first finds and checks everything, then makes the one change.
#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/tree.h>
#include <image/tree_walk.h>

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct tree_entry *)a)->name, ((const struct tree_entry *)b)->name);
}

struct tree_entry *dir_entry(const struct node *dir, const char *name)
{
	struct tree_entry key = { .name = (char *)name };
	void *found = tfind(&key, &dir->entries, by_name);

	return found ? *(struct tree_entry **)found : NULL;
}

static struct node *node_new(const struct attr *a)
{
	struct node *n = calloc(1, sizeof(*n));

	if (n) {
		n->attr = *a;
		n->content.fd = -1;
	}
	return n;
}

static void entry_free(void *entry);

static void node_put(struct node *n)
{
	if (--n->names)
		return;
	tdestroy(n->entries, entry_free);
	content_free(&n->content);
	free(n);
}

static void entry_free(void *entry)
{
	struct tree_entry *e = entry;

	node_put(e->node);
	free(e->name);
	free(e);
}

static int entry_add(struct tree *t, struct node *dir, const char *name, struct node *n)
{
	struct tree_entry *e = malloc(sizeof(*e));

	if (e)
		*e = (struct tree_entry){ strdup(name), n, t->layer };
	if (!e || !e->name || !tsearch(e, &dir->entries, by_name)) {
		if (e)
			free(e->name);
		free(e);
		return -ENOMEM;
	}
	n->names++;
	dir->entry_count++;
	if (S_ISDIR(n->attr.mode)) {
		n->parent = dir;
		n->depth = dir->depth + 1;
		dir->subdirs++;
	}
	return 0;
}

static void entry_remove(struct node *dir, struct tree_entry *e)
{
	tdelete(e, &dir->entries, by_name);
	dir->entry_count--;
	dir->subdirs -= S_ISDIR(e->node->attr.mode);
	entry_free(e);
}

struct tree *tree_new(void)
{
	const struct attr root = { .mode = S_IFDIR | 0755 };
	struct tree *t = calloc(1, sizeof(*t));

	if (t)
		t->root = node_new(&root);
	if (!t || !t->root) {
		free(t);
		return NULL;
	}
	t->root->parent = t->root;
	t->root->names = 1;
	return t;
}

void tree_free(struct tree *t)
{
	if (t)
		node_put(t->root);
	free(t);
}

void tree_next_layer(struct tree *t)
{
	t->layer++;
}

int dir_make(struct tree *t, struct node *dir, const char *name, struct node **out)
{
	const struct attr a = { .mode = S_IFDIR | 0755 };
	struct node *n;

	if (dir->depth >= TREE_DEPTH_MAX)
		return -ENAMETOOLONG;
	n = node_new(&a);
	if (!n || entry_add(t, dir, name, n)) {
		free(n);
		return -ENOMEM;
	}
	*out = n;
	return 0;
}

// Makes room for a name. A directory stays for a directory: *there.
static int clear_place(struct tree *t, const struct place *p, const char *path, bool for_dir,
		       enum tree_rule rule, struct node **there, struct failure *why)
{
	struct tree_entry *e = dir_entry(p->dir, p->name);

	*there = NULL;
	if (!e)
		return 0;
	if (for_dir && S_ISDIR(e->node->attr.mode)) {
		*there = e->node;
		e->layer = t->layer;
		return 0;
	}
	if (rule == TREE_ONCE && e->layer == t->layer)
		return failure_set(why, -EEXIST, "%.500s is given twice for the image", path);
	entry_remove(p->dir, e);
	return 0;
}

int tree_add(struct tree *t, const char *path, const struct attr *a, enum tree_rule rule,
	     struct node **out, struct failure *why)
{
	bool is_dir = S_ISDIR(a->mode);
	struct place p;
	struct node *n;
	int err = place_find(t, path, true, &p, why);

	if (err)
		return err;
	if (!p.name[0]) {
		if (!is_dir)
			return failure_set(why, -EISDIR, "%s: the root cannot be a file", path);
		n = t->root;
	} else {
		if (is_dir && p.dir->depth >= TREE_DEPTH_MAX)
			return failure_set(why, -ENAMETOOLONG, "%.500s is too deep", path);
		err = clear_place(t, &p, path, is_dir, rule, &n, why);
		if (err)
			return err;
	}
	if (!n) {
		n = node_new(a);
		if (!n || entry_add(t, p.dir, p.name, n)) {
			free(n);
			return failure_errno(why, -ENOMEM, "%.500s", path);
		}
	}
	n->attr = *a;
	*out = n;
	return 0;
}

int tree_link_node(struct tree *t, const char *path, struct node *n, enum tree_rule rule,
		   struct failure *why)
{
	struct node *there;
	struct tree_entry *e;
	struct place p;
	int err = place_find(t, path, true, &p, why);

	if (err)
		return err;
	e = p.name[0] ? dir_entry(p.dir, p.name) : NULL;
	if (e && e->node == n) { // a name for itself
		e->layer = t->layer;
		return 0;
	}
	if (!p.name[0] || S_ISDIR(n->attr.mode))
		return failure_set(why, -EPERM, "%.500s: a folder can have one name only", path);
	n->names++; // the last name may be among what gives way
	err = clear_place(t, &p, path, false, rule, &there, why);
	if (!err && entry_add(t, p.dir, p.name, n))
		err = failure_errno(why, -ENOMEM, "%.500s", path);
	node_put(n);
	return err;
}

int tree_link(struct tree *t, const char *path, const char *target, enum tree_rule rule,
	      struct failure *why)
{
	struct failure inner = { "" };
	struct node *n;
	int err = tree_find(t, target, false, &n, &inner);

	if (err)
		return failure_set(why, err, "the hard link %.300s: %.600s", path, inner.text);
	return tree_link_node(t, path, n, rule, why);
}

int tree_hide(struct tree *t, const char *path, struct failure *why)
{
	struct tree_entry *e;
	struct place p;
	int err = place_find(t, path, false, &p, why);

	if (err)
		return err == -ENOENT || err == -ENOTDIR ? 0 : err;
	e = p.name[0] ? dir_entry(p.dir, p.name) : NULL;
	if (e && e->layer < t->layer)
		entry_remove(p.dir, e);
	return 0;
}

// Leaves what is of this layer, and the directories that lead there.
static int hide_lower(struct tree *t, struct node *dir)
{
	struct tree_entry **list = NULL;
	size_t count = dir->entry_count;
	int err = dir_list(dir, &list);

	for (size_t i = 0; i < count && !err; i++) {
		struct node *n = list[i]->node;

		if (S_ISDIR(n->attr.mode))
			err = hide_lower(t, n);
		if (!err && list[i]->layer < t->layer && !n->entry_count)
			entry_remove(dir, list[i]);
	}
	free(list);
	return err;
}

int tree_hide_all(struct tree *t, const char *path, struct failure *why)
{
	struct node *dir;
	int err = tree_find(t, path, false, &dir, why);

	if (err)
		return err == -ENOENT || err == -ENOTDIR ? 0 : err;
	if (!S_ISDIR(dir->attr.mode))
		return 0;
	err = hide_lower(t, dir);
	return err ? failure_errno(why, err, "%.500s", path) : 0;
}

struct gathering {
	struct tree_entry **at;
	size_t count;
};

static void gather(const void *item, VISIT visit, void *arg)
{
	struct gathering *g = arg;

	if (visit == postorder || visit == leaf) // which is in order (twalk(3))
		g->at[g->count++] = *(struct tree_entry *const *)item;
}

int dir_list(const struct node *dir, struct tree_entry ***out)
{
	struct gathering g = { malloc((dir->entry_count + 1) * sizeof(*g.at)), 0 };

	if (!g.at)
		return -ENOMEM;
	twalk_r(dir->entries, gather, &g);
	*out = g.at;
	return 0;
}

struct tree_entry *node_entries(const struct node *dir)
{
	struct tree_entry **list, *out = malloc((dir->entry_count + 1) * sizeof(*out));

	if (!out || dir_list(dir, &list)) {
		free(out);
		return NULL;
	}
	for (size_t i = 0; i < dir->entry_count; i++)
		out[i] = *list[i];
	free(list);
	return out;
}
