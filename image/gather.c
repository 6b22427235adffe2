// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/gather.h>
#include <image/tree_host.h>

int gather_init(struct gather *g, const char *root, struct failure *why)
{
	memset(g, 0, sizeof(*g));
	g->root = root;
	g->tree = tree_new();
	return g->tree ? 0 : failure_errno(why, -ENOMEM, "root file system");
}

void gather_free(struct gather *g)
{
	tree_free(g->tree);
	strings_free(&g->reasons);
	strings_free(&g->notes);
	memset(g, 0, sizeof(*g));
}

// The one copy of a reason. Mostly it is the last one.
static const char *keep(struct gather *g, const char *reason)
{
	for (size_t i = g->reasons.count; i-- > 0;)
		if (!strcmp(g->reasons.at[i], reason))
			return g->reasons.at[i];
	return strings_add(&g->reasons, reason) ? NULL : g->reasons.at[g->reasons.count - 1];
}

int gather_mark(struct gather *g, struct node *n, enum from from, const char *reason,
		struct failure *why)
{
	n->note.from = from;
	n->note.why = reason ? keep(g, reason) : NULL;
	return reason && !n->note.why ? failure_errno(why, -ENOMEM, "root file system") : 0;
}

int gather_note(struct gather *g, const char *fmt, ...)
{
	char *text = NULL;
	va_list args;
	int err;

	va_start(args, fmt);
	err = vasprintf(&text, fmt, args) < 0 ? -ENOMEM : strings_add(&g->notes, text);
	va_end(args);
	free(text);
	return err;
}

static int each_below(const struct node *dir, char path[TREE_PATH_MAX + 2],
		      int (*visit)(const char *path, struct node *n, void *arg), void *arg)
{
	struct tree_entry *list = node_entries(dir);
	size_t len = strlen(path);
	int end = list ? 0 : -ENOMEM;

	for (size_t i = 0; i < dir->entry_count && !end; i++) {
		if (snprintf(path + len, TREE_PATH_MAX + 2 - len, "/%s", list[i].name) >=
		    (int)(TREE_PATH_MAX + 2 - len))
			continue; // longer than any path that a program could name
		end = visit(path, list[i].node, arg);
		if (!end && S_ISDIR(list[i].node->attr.mode))
			end = each_below(list[i].node, path, visit, arg);
		path[len] = 0;
	}
	free(list);
	return end;
}

int gather_each(const struct gather *g, int (*visit)(const char *path, struct node *n, void *arg),
		void *arg)
{
	char path[TREE_PATH_MAX + 2] = "";

	return each_below(g->tree->root, path, visit, arg);
}

struct marking {
	struct gather *g;
	const char *text;
	struct failure *why;
};

static int mark_any(const char *path, struct node *n, void *arg)
{
	n->note = *(const struct origin *)arg;
	return 0;
}

int gather_mark_all(struct gather *g, enum from from, const char *reason, struct failure *why)
{
	struct origin note = { .from = from, .why = keep(g, reason) };

	return note.why && !gather_each(g, mark_any, &note)
		       ? 0
		       : failure_errno(why, -ENOMEM, "root file system");
}

static int mark_new(const char *path, struct node *n, void *arg)
{
	struct marking *m = arg;

	return n->note.from ? 0 : gather_mark(m->g, n, FROM_USER, m->text, m->why);
}

int gather_user(struct gather *g, const char *host, const char *guest, const char *text,
		struct failure *why)
{
	struct marking m = { g, text, why };
	char real[PATH_MAX], path[TREE_PATH_MAX + 2] = "";
	struct node *n;
	int err;

	if (!realpath(host, real))
		return failure_errno(why, -errno, "cannot read %s", host);
	err = tree_add_host(g->tree, real, guest, HOST_FILES, why);
	if (!err)
		err = tree_find(g->tree, guest, false, &n, why);
	if (!err)
		err = mark_new(guest, n, &m);
	return !err && S_ISDIR(n->attr.mode) ? each_below(n, path, mark_new, &m) : err;
}

static int add(struct gather *g, const char *guest, const struct attr *a, enum from from,
	       const char *reason, struct node **out, struct failure *why)
{
	int err = tree_add(g->tree, guest, a, TREE_ONCE, out, why);

	return err ? err : gather_mark(g, *out, from, reason, why);
}

// What is there already stays, with its attributes; folders on the way get theirs.
bool gather_has(const struct gather *g, const char *guest)
{
	struct failure ignored;
	struct node *n;

	return !tree_find(g->tree, guest, false, &n, &ignored) && n->note.from != FROM_NOWHERE;
}

int gather_file(struct gather *g, const char *host, const char *guest, enum from from,
		const char *reason, struct failure *why)
{
	struct failure ignored;
	char real[PATH_MAX];
	struct node *n;
	int err;

	if (gather_has(g, guest))
		return 1;
	if (!realpath(host, real))
		return failure_errno(why, -errno, "cannot read %s", host);
	err = tree_add_host(g->tree, real, guest, HOST_FILES, why);
	if (!err && !tree_find(g->tree, guest, false, &n, &ignored))
		err = gather_mark(g, n, from, reason, why);
	return err;
}

int gather_text(struct gather *g, const char *guest, const void *text, size_t len, mode_t mode,
		struct failure *why)
{
	const struct attr a = { .mode = S_IFREG | mode };
	struct node *n;
	int err;

	if (gather_has(g, guest))
		return 1;
	err = add(g, guest, &a, FROM_BUILDER, NULL, &n, why);
	if (!err && node_set_bytes(n, text, len))
		err = failure_errno(why, -ENOMEM, "%s", guest);
	return err;
}

int gather_dir(struct gather *g, const char *guest, mode_t mode, uint32_t uid, uint32_t gid,
	       struct failure *why)
{
	const struct attr a = { .mode = S_IFDIR | mode, .uid = uid, .gid = gid };
	struct node *n;

	return gather_has(g, guest) ? 1 : add(g, guest, &a, FROM_BUILDER, NULL, &n, why);
}

int gather_link(struct gather *g, const char *guest, const char *target, struct failure *why)
{
	const struct attr a = { .mode = S_IFLNK | 0777 };
	struct node *n;
	int err;

	if (gather_has(g, guest) || tree_has(g->tree, guest))
		return 1;
	err = add(g, guest, &a, FROM_BUILDER, NULL, &n, why);
	if (!err && node_set_bytes(n, target, strlen(target)))
		err = failure_errno(why, -ENOMEM, "%s", guest);
	return err;
}
