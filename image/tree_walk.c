// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Paths. One function, look(), goes through the names of a path; a link makes it call itself with
// the link's target, at most LINKS_MAX times a walk, as Linux does (path_resolution(7)).
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <image/tree_walk.h>

#define LINKS_MAX 40

struct walk {
	struct tree *t;
	const char *path; // as it was given, for messages
	bool make;
	unsigned links;	 // followed so far
	unsigned nested; // in the target of how many links
	struct failure *why;
};

// The next name of a path, or 0 at the end. "." and empty names are passed over.
static size_t next_name(const char **path, const char **name)
{
	size_t n;

	do {
		*path += strspn(*path, "/");
		*name = *path;
		n = strcspn(*path, "/");
		*path += n;
	} while (n == 1 && **name == '.');
	return n;
}

static bool is_dotdot(const char *name, size_t len)
{
	return len == 2 && name[0] == '.' && name[1] == '.';
}

static int path_check(const char *path, struct failure *why)
{
	const char *p = path, *name;
	size_t n;

	if (strlen(path) > TREE_PATH_MAX)
		return failure_set(why, -ENAMETOOLONG,
				   "%.200s...: the path is too long (%zu bytes)", path,
				   strlen(path));
	while ((n = next_name(&p, &name))) {
		if (is_dotdot(name, n))
			return failure_set(why, -EXDEV,
					   "%.500s leads out of the tree with its \"..\"", path);
		if (n > TREE_NAME_MAX)
			return failure_set(why, -ENAMETOOLONG,
					   "%.500s: a name in it is too long (%zu bytes)", path, n);
	}
	return 0;
}

static int look(struct walk *w, struct node *from, const char *path, bool follow,
		struct node **out);

static int look_through(struct walk *w, struct node *dir, const struct node *link,
			struct node **out)
{
	const char *target = link->content.bytes;
	int err;

	if (++w->links > LINKS_MAX)
		return failure_set(w->why, -ELOOP, "%.500s goes in a circle of symbolic links",
				   w->path);
	w->nested++;
	err = look(w, target[0] == '/' ? w->t->root : dir, target, true, out);
	w->nested--;
	if (err == -ENOENT && !w->nested)
		return failure_set(w->why, err,
				   "%.400s goes through a link to %.400s, which is not in the tree",
				   w->path, target);
	return err;
}

static int missing(struct walk *w, struct node *dir, const char *name, bool last, struct node **out)
{
	int err;

	if (!w->make || w->nested || last)
		return failure_set(w->why, -ENOENT, "%.500s is not in the tree", w->path);
	err = dir_make(w->t, dir, name, out);
	return err ? failure_errno(w->why, err, "%.500s", w->path) : 0;
}

// The node that a path leads to. A link's target may have "..", which stops at the root.
static int look(struct walk *w, struct node *from, const char *path, bool follow, struct node **out)
{
	struct node *dir = from, *n = from;
	const char *name, *whole = path;
	size_t len;
	int err = 0;

	while (!err && (len = next_name(&path, &name))) {
		char text[TREE_NAME_MAX + 1];
		bool last = !path[strspn(path, "/")];
		struct tree_entry *e;

		if (!S_ISDIR(n->attr.mode))
			return failure_set(
				w->why, -ENOTDIR,
				"%.400s cannot go into the image: %.*s in it is not a folder",
				w->path, (int)(name - whole - 1), whole);
		dir = n;
		if (is_dotdot(name, len)) {
			if (dir == w->t->root)
				return failure_set(
					w->why, -EXDEV,
					"%.400s leads out of the tree, through a link to "
					"%.400s",
					w->path, whole);
			n = dir->parent;
			continue;
		}
		if (len > TREE_NAME_MAX)
			return failure_set(w->why, -ENAMETOOLONG, "%.500s: a name is too long",
					   w->path);
		snprintf(text, sizeof(text), "%.*s", (int)len, name);
		e = dir_entry(dir, text);
		if (!e)
			err = missing(w, dir, text, last, &n);
		else
			n = e->node;
		if (e && S_ISLNK(n->attr.mode) && (!last || follow))
			err = look_through(w, dir, n, &n);
	}
	*out = n;
	return err;
}

int place_find(struct tree *t, const char *path, bool make, struct place *p, struct failure *why)
{
	struct walk w = { .t = t, .path = path, .make = make, .why = why };
	char parent[TREE_PATH_MAX + 4];
	const char *rest = path, *name, *last = path;
	size_t n, last_len = 0;
	int err = path_check(path, why);

	if (err)
		return err;
	while ((n = next_name(&rest, &name))) {
		last = name;
		last_len = n;
	}
	snprintf(p->name, sizeof(p->name), "%.*s", (int)last_len, last);
	snprintf(parent, sizeof(parent), "%.*s/.", (int)(last - path), path);
	err = look(&w, t->root, parent, true, &p->dir);
	if (!err && !S_ISDIR(p->dir->attr.mode))
		err = failure_set(why, -ENOTDIR,
				  "%.400s cannot go into the image: %.*s in it is not a folder",
				  path, (int)(last - path - 1), path);
	return err;
}

int tree_find(const struct tree *t, const char *path, bool follow, struct node **out,
	      struct failure *why)
{
	struct walk w = { .t = (struct tree *)t, .path = path, .why = why };
	int err = path_check(path, why);

	return err ? err : look(&w, t->root, path, follow, out);
}

bool tree_has(const struct tree *t, const char *path)
{
	struct failure why;
	struct node *n;

	return !tree_find(t, path, false, &n, &why);
}
