// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <image/interrupt.h>
#include <image/tree_host.h>

// Deep trees are walked with one pair of paths, to which names are appended.
struct host {
	struct tree *t;
	enum host_kind kind;
	char path[PATH_MAX]; // on the host
	char guest[TREE_PATH_MAX + 1];
	void *linked; // files with several names, met before: tsearch(3) over struct known
	struct failure *why;
};

struct known {
	dev_t dev;
	ino_t ino;
	struct node *node;
};

static int by_inode(const void *a, const void *b)
{
	const struct known *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->ino < y->ino ? -1 : x->ino > y->ino;
}

static int fail(struct host *h)
{
	return failure_errno(h->why, -errno, "cannot read %.500s", h->path);
}

static int no_memory(struct host *h)
{
	return failure_errno(h->why, -ENOMEM, "%.500s", h->path);
}

static struct attr attr_of(const struct host *h, const struct stat *st)
{
	struct attr a = { .mode = st->st_mode };

	if (h->kind == HOST_ROOT) {
		a.uid = st->st_uid == geteuid() ? 0 : st->st_uid;
		a.gid = st->st_gid == getegid() ? 0 : st->st_gid;
		a.major = major(st->st_rdev);
		a.minor = minor(st->st_rdev);
	}
	if (!S_ISDIR(st->st_mode) && !S_ISLNK(st->st_mode)) {
		a.mtime = st->st_mtim.tv_sec;
		a.mtime_nsec = (uint32_t)st->st_mtim.tv_nsec;
	}
	return a;
}

// Looks for holes only where there must be some: the file has less room than its size.
static int note_data(struct host *h, struct node *n, const struct stat *st)
{
	int fd = open(h->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW), err = 0;
	off_t at = 0, end;

	if (fd < 0)
		return fail(h);
	if (st->st_blocks * 512 >= st->st_size) {
		close(fd);
		return st->st_size ? node_add_extent(n, -1, 0, (uint64_t)st->st_size, 0) : 0;
	}
	while (!err && (at = lseek(fd, at, SEEK_DATA)) >= 0 && at < st->st_size) {
		end = lseek(fd, at, SEEK_HOLE);
		if (end <= at || end > st->st_size)
			end = st->st_size;
		err = node_add_extent(n, -1, (uint64_t)at, (uint64_t)(end - at), (uint64_t)at);
		at = end;
	}
	if (!err && at < 0 && errno != ENXIO) // ENXIO: no more data
		err = fail(h);
	close(fd);
	return err;
}

// Notes a file with several names: 1 if it was met before and now has this name too.
static int met_before(struct host *h, const struct stat *st, struct known **k)
{
	struct known key = { st->st_dev, st->st_ino, NULL };
	void *found = tfind(&key, &h->linked, by_inode);
	int err;

	*k = NULL;
	if (st->st_nlink < 2)
		return 0;
	if (found) {
		err = tree_link_node(h->t, h->guest, (*(struct known **)found)->node, TREE_ONCE,
				     h->why);
		return err ? err : 1;
	}
	*k = malloc(sizeof(**k));
	if (*k)
		**k = key;
	if (!*k || !tsearch(*k, &h->linked, by_inode)) {
		free(*k);
		return no_memory(h);
	}
	return 0;
}

static int add_file(struct host *h, const struct stat *st)
{
	const struct attr a = attr_of(h, st);
	struct known *k;
	struct node *n;
	int err = met_before(h, st, &k);

	if (err)
		return err < 0 ? err : 0;
	err = tree_add(h->t, h->guest, &a, TREE_ONCE, &n, h->why);
	if (err)
		return err;
	if (k)
		k->node = n;
	if (node_set_host(n, h->path, (uint64_t)st->st_size))
		return no_memory(h);
	return note_data(h, n, st);
}

static int add_link(struct host *h, const struct stat *st)
{
	const struct attr a = attr_of(h, st);
	char target[PATH_MAX];
	ssize_t len = readlink(h->path, target, sizeof(target) - 1);
	struct node *n;
	int err;

	if (len < 0)
		return fail(h);
	err = tree_add(h->t, h->guest, &a, TREE_ONCE, &n, h->why);
	if (!err && node_set_bytes(n, target, (size_t)len))
		err = no_memory(h);
	return err;
}

static int add_one(struct host *h);

static int add_entry(struct host *h, const char *name)
{
	size_t path = strlen(h->path), guest = strlen(h->guest);
	int err;

	if (snprintf(h->path + path, sizeof(h->path) - path, "/%s", name) >=
		    (int)(sizeof(h->path) - path) ||
	    snprintf(h->guest + guest, sizeof(h->guest) - guest, "/%s", name) >=
		    (int)(sizeof(h->guest) - guest))
		err = failure_set(h->why, -ENAMETOOLONG, "%.500s...: the path is too long",
				  h->path);
	else
		err = add_one(h);
	h->path[path] = h->guest[guest] = 0;
	return err;
}

static int add_dir(struct host *h, const struct stat *st)
{
	const struct attr a = attr_of(h, st);
	struct dirent **list;
	struct node *n;
	int err = tree_add(h->t, h->guest, &a, TREE_ONCE, &n, h->why), count;

	if (err)
		return err;
	count = scandir(h->path, &list, NULL, NULL);
	if (count < 0)
		return fail(h);
	for (int i = 0; i < count; i++) {
		const char *name = list[i]->d_name;

		if (!err && strcmp(name, ".") && strcmp(name, ".."))
			err = add_entry(h, name);
		free(list[i]);
	}
	free(list);
	return err;
}

static int add_special(struct host *h, const struct stat *st)
{
	const struct attr a = attr_of(h, st);
	struct node *n;

	if (h->kind != HOST_ROOT)
		return failure_set(
			h->why, -EINVAL,
			"%.500s is neither a file, a folder nor a link: it cannot go into "
			"an image",
			h->path);
	return tree_add(h->t, h->guest, &a, TREE_ONCE, &n, h->why);
}

static int add_one(struct host *h)
{
	struct stat st;

	if (build_interrupted())
		return failure_set(h->why, -EINTR, "interrupted");
	if (lstat(h->path, &st))
		return fail(h);
	switch (st.st_mode & S_IFMT) {
	case S_IFREG: return add_file(h, &st);
	case S_IFDIR: return add_dir(h, &st);
	case S_IFLNK: return add_link(h, &st);
	default: return add_special(h, &st);
	}
}

int tree_add_host(struct tree *t, const char *host, const char *guest, enum host_kind kind,
		  struct failure *why)
{
	struct host h = { .t = t, .kind = kind, .why = why };
	int err;

	if (snprintf(h.path, sizeof(h.path), "%s", host) >= (int)sizeof(h.path) ||
	    snprintf(h.guest, sizeof(h.guest), "%s", strcmp(guest, "/") ? guest : "") >=
		    (int)sizeof(h.guest))
		return failure_set(why, -ENAMETOOLONG, "%.500s...: the path is too long", host);
	err = add_one(&h);
	tdestroy(h.linked, free);
	return err;
}
