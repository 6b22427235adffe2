// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Paths of the host that keep their names. The path is gone through name by name, first in the
// image and, where that has nothing yet, on the host; a link is brought, and its target takes its
// place in what is left to go. So the image gets just the links that the host has on the way (/lib
// -> usr/lib, /etc/alternatives), and what the user has put there is followed as it will be
// followed when the image runs.
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/gather.h>
#include <image/tree_host.h>

#define LINKS_MAX 40 // as many as Linux follows

struct trip {
	struct gather *g;
	const char *path; // as it was asked for
	enum from from;
	const char *reason;
	char done[PATH_MAX]; // has no links
	char rest[PATH_MAX]; // still to go
	unsigned links;
	bool news;           // something was brought
	struct failure *why;
};

static int too_long(struct trip *t)
{
	return failure_set(t->why, -ENAMETOOLONG, "%.500s: the path is too long", t->path);
}

// Takes the first name off the rest. false: none is left.
static bool next(struct trip *t, char name[NAME_MAX + 1])
{
	size_t skip = strspn(t->rest, "/"), n = strcspn(t->rest + skip, "/");

	if (n > NAME_MAX)
		n = NAME_MAX; // which no host has
	memcpy(name, t->rest + skip, n);
	name[n] = 0;
	memmove(t->rest, t->rest + skip + n, strlen(t->rest + skip + n) + 1);
	return n;
}

static int turn(struct trip *t, const char *target)
{
	char whole[2 * PATH_MAX];

	if (++t->links > LINKS_MAX)
		return failure_set(t->why, -ELOOP, "%.500s goes in a circle of links", t->path);
	if (snprintf(whole, sizeof(whole), "%s/%s", target, t->rest) >= PATH_MAX)
		return too_long(t);
	strcpy(t->rest, whole);
	if (*target == '/')
		t->done[0] = 0;
	return 0;
}

static int bring(struct trip *t, const char *host, const char *guest, const struct stat *st)
{
	struct failure ignored;
	const struct attr a = { .mode = st->st_mode };
	struct node *n;
	int err;

	if (S_ISDIR(st->st_mode)) {
		err = tree_add(t->g->tree, guest, &a, TREE_ONCE, &n, t->why);
	} else if (!S_ISREG(st->st_mode) && !S_ISLNK(st->st_mode)) {
		return failure_set(t->why, -EINVAL, "%.500s is neither a file, a folder nor a link",
				   guest);
	} else if (S_ISREG(st->st_mode) && access(host, R_OK)) {
		return failure_errno(t->why, -errno, "cannot read %.500s", host);
	} else {
		err = tree_add_host(t->g->tree, host, guest, HOST_FILES, t->why);
		if (!err && tree_find(t->g->tree, guest, false, &n, &ignored))
			err = failure_errno(t->why, -ENOENT, "%.500s", guest);
	}
	if (!err && t->from == FROM_PACKAGE) { // the rest becomes root's
		n->attr.uid = st->st_uid;
		n->attr.gid = st->st_gid;
	}
	t->news = true;
	return err ? err : gather_mark(t->g, n, t->from, t->reason, t->why);
}

// One name further. What the image has counts; a folder that is only on the way there gets the
// host's attributes now.
static int step(struct trip *t, const char *name)
{
	char guest[PATH_MAX], host[PATH_MAX];
	struct failure ignored;
	struct node *n = NULL;
	struct stat st;
	int err;

	if (snprintf(guest, PATH_MAX, "%s/%s", t->done, name) >= PATH_MAX ||
	    snprintf(host, PATH_MAX, "%s%s", t->g->root, guest) >= PATH_MAX)
		return too_long(t);
	if (tree_find(t->g->tree, guest, false, &n, &ignored))
		n = NULL;
	if (!n || n->note.from == FROM_NOWHERE) {
		if (!lstat(host, &st)) {
			err = bring(t, host, guest, &st);
			if (!err)
				err = tree_find(t->g->tree, guest, false, &n, t->why);
			if (err)
				return err;
		} else if (!n) {
			return failure_errno(t->why, -errno, "cannot read %.500s%s%.500s", t->path,
					     strcmp(t->path, guest) ? ", which leads to " : "",
					     strcmp(t->path, guest) ? guest : "");
		}
	}
	if (S_ISLNK(n->attr.mode))
		return turn(t, n->content.bytes);
	if (!S_ISDIR(n->attr.mode) && t->rest[strspn(t->rest, "/")])
		return failure_set(t->why, -ENOTDIR, "%.500s: %.500s in the image is not a folder",
				   t->path, guest);
	strcpy(t->done, guest);
	return 0;
}

int gather_path(struct gather *g, const char *path, enum from from, const char *reason, char *end,
		struct failure *why)
{
	struct trip t = { .g = g, .path = path, .from = from, .reason = reason, .why = why };
	char name[NAME_MAX + 1];
	int err = 0;

	if (snprintf(t.rest, sizeof(t.rest), "%s", path) >= PATH_MAX)
		return too_long(&t);
	while (!err && next(&t, name)) {
		if (!strcmp(name, ".."))
			*(strrchr(t.done, '/') ? strrchr(t.done, '/') : t.done) = 0;
		else if (strcmp(name, "."))
			err = step(&t, name);
	}
	if (end)
		strcpy(end, *t.done ? t.done : "/");
	return err ? err : !t.news;
}

// A link out of a folder can lead to anything: not to the whole host, nor to what is not files.
static bool may_come_whole(const char *path)
{
	static const char *const never[] = { "/dev/", "/proc/", "/sys/", "/run/", "/tmp/" };

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		if (!strncmp(path, never[i], strlen(never[i])))
			return false;
	return strchr(path + 1, '/') != NULL;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int whole_folder(struct gather *g, const char *path, enum from from, const char *reason,
			struct failure *why)
{
	char host[PATH_MAX], below[PATH_MAX];
	struct dirent **list;
	int count, err = 0;

	snprintf(host, sizeof(host), "%s%s", g->root, path);
	count = scandir(host, &list, NULL, by_bytes);
	if (count < 0)
		return gather_note(g, "%s is left out: %s", path, strerror(errno));
	for (int i = 0; i < count; i++) {
		const char *name = list[i]->d_name;

		if (strcmp(name, ".") && strcmp(name, "..") && err >= 0 &&
		    snprintf(below, sizeof(below), "%s/%s", path, name) < PATH_MAX)
			err = gather_whole(g, below, from, reason, why);
		free(list[i]);
	}
	free(list);
	return err < 0 ? err : 0;
}

// What only its owner may read is a secret of this host: it does not slip into an image, where
// everybody may read it, unless a package has it or the user gives it.
static bool is_secret(const struct gather *g, const char *path)
{
	char host[PATH_MAX];
	struct stat st;

	return snprintf(host, sizeof(host), "%s%s", g->root, path) < PATH_MAX &&
	       !lstat(host, &st) && (S_ISREG(st.st_mode) || S_ISDIR(st.st_mode)) &&
	       !(st.st_mode & S_IROTH) && !gather_has(g, path);
}

int gather_whole(struct gather *g, const char *path, enum from from, const char *reason,
		 struct failure *why)
{
	struct failure local;
	char end[PATH_MAX];
	struct node *n;
	int err;

	if (is_secret(g, path))
		return gather_note(g, "%s is left out: not everybody may read it; give it with "
				      "--file if it is wanted",
				   path);
	err = gather_path(g, path, from, reason, end, &local);
	if (err == -ENOMEM || err == -EINTR) {
		*why = local;
		return err;
	}
	if (err == -ENOENT) // a link that leads nowhere on the host either
		return 0;
	if (err < 0)
		return gather_note(g, "%s is left out: %s", path, local.text);
	if (tree_find(g->tree, end, false, &n, &local) || !S_ISDIR(n->attr.mode) ||
	    n->note.whole || !may_come_whole(end))
		return err;
	n->note.whole = true;
	return whole_folder(g, end, from, reason, why);
}
