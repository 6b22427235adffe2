// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files keep their modes and times; owners become root. Symbolic links stay links, folders come
// whole. Folders have no time: the same input gives the same image.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/erofs.h>
#include <image/root.h>
#include <image/tree_host.h>

static int add_program(struct tree *t, const struct spec *spec, const char *guest,
		       struct failure *why)
{
	char real[PATH_MAX];
	struct node *n;
	int err;

	if (!realpath(spec->program, real))
		return failure_errno(why, -errno, "cannot read %.500s", spec->program);
	err = tree_add_host(t, real, guest, HOST_FILES, why);
	if (!err)
		err = tree_find(t, guest, false, &n, why);
	if (!err)
		n->attr.mode |= 0555; // it is going to be run
	return err;
}

static int add_file(struct tree *t, const char *text, struct failure *why)
{
	const char *colon = strrchr(text, ':');
	char from[PATH_MAX], real[PATH_MAX];

	snprintf(from, sizeof(from), "%.*s", (int)(colon - text), text);
	if (!realpath(from, real))
		return failure_errno(why, -errno, "cannot read %.500s", from);
	return tree_add_host(t, real, colon + 1, HOST_FILES, why);
}

static int add_text(struct tree *t, const char *path, const char *text, struct failure *why)
{
	const struct attr a = { .mode = S_IFREG | 0644 };
	struct node *n;
	int err;

	if (tree_has(t, path))
		return 0;
	err = tree_add(t, path, &a, TREE_ONCE, &n, why);
	if (!err && node_set_bytes(n, text, strlen(text)))
		err = failure_errno(why, -ENOMEM, "%s", path);
	return err;
}

// What the C libraries' own functions open: getpwnam, getaddrinfo and the like.
static int add_etc(struct tree *t, struct failure *why)
{
	static const char *const files[][2] = {
		{ "/etc/passwd", "root:x:0:0:root:/:/\nnobody:x:65534:65534:nobody:/:/\n" },
		{ "/etc/group", "root:x:0:\nnogroup:x:65534:\n" },
		{ "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n" },
		{ "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n" },
	};
	struct failure none;
	struct node *etc;
	int err = 0;

	if (tree_has(t, "/etc") &&
	    (tree_find(t, "/etc", true, &etc, &none) || !S_ISDIR(etc->attr.mode)))
		return 0;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !err; i++)
		err = add_text(t, files[i][0], files[i][1], why);
	return err;
}

static int add_places(struct tree *t, struct failure *why)
{
	static const struct {
		const char *path;
		mode_t mode;
	} places[] = { { "/dev", 0755 }, { "/proc", 0555 }, { "/sys", 0555 }, { "/tmp", 01777 } };
	int err = 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !err; i++) {
		const struct attr a = { .mode = S_IFDIR | places[i].mode };
		struct node *n;

		if (!tree_has(t, places[i].path))
			err = tree_add(t, places[i].path, &a, TREE_ONCE, &n, why);
	}
	return err;
}

static int write_out(struct tree *t, const char *path, struct failure *why)
{
	int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600), err;
	uint64_t len;

	if (fd < 0)
		return failure_errno(why, -errno, "cannot make %.500s", path);
	err = erofs_write(t, fd, 0, &len, why);
	if (close(fd) && !err)
		err = failure_errno(why, -errno, "cannot write %.500s", path);
	return err;
}

int root_make(const struct spec *spec, const char *guest_program, bool etc, const char *work,
	      struct failure *why)
{
	struct tree *t = tree_new();
	char out[PATH_MAX];
	int err = t ? 0 : failure_errno(why, -ENOMEM, "the root file system");

	if (!err)
		err = add_program(t, spec, guest_program, why);
	for (size_t i = 0; i < spec->files.count && !err; i++)
		err = add_file(t, spec->files.at[i], why);
	if (!err && etc)
		err = add_etc(t, why);
	if (!err)
		err = add_places(t, why);
	if (!err && snprintf(out, sizeof(out), "%s/root.erofs", work) >= (int)sizeof(out))
		err = failure_set(why, -ENAMETOOLONG, "%s: the path is too long", work);
	if (!err)
		err = write_out(t, out, why);
	tree_free(t);
	return err;
}
