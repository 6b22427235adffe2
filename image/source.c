// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Whatever it is becomes a tree first, and the tree shows what it is: one with `oci-layout` or
// `manifest.json` at its top is a container image, anything else is a root file system itself.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <image/oci.h>
#include <image/source.h>
#include <image/tree_host.h>

static int read_archive(struct source *s, const char *path, const struct stat *st,
			struct failure *why)
{
	struct node file = { .content.fd = -1 };
	struct untar u = { .tree = s->outer, .spool = &s->spool };
	int err = 0;

	if (node_set_host(&file, path, (uint64_t)st->st_size) ||
	    (st->st_size && node_add_extent(&file, -1, 0, (uint64_t)st->st_size, 0)))
		err = failure_errno(why, -ENOMEM, "%.500s", path);
	if (!err)
		err = untar(&u, &file, path, NULL, NULL, why);
	content_free(&file.content);
	s->unpack = u;
	return err;
}

static int read_outer(struct source *s, const char *path, struct failure *why)
{
	struct stat st;

	if (stat(path, &st))
		return failure_errno(why, -errno, "cannot read %.500s", path);
	if (S_ISDIR(st.st_mode))
		return tree_add_host(s->outer, path, "/", HOST_ROOT, why);
	if (!S_ISREG(st.st_mode))
		return failure_set(why, -EINVAL, "%.500s is neither an archive nor a folder", path);
	return read_archive(s, path, &st, why);
}

static int read_image(struct source *s, const struct spec *spec, bool docker, struct failure *why)
{
	struct oci o = { .from = s->outer, .tag = spec->tag, .to = &s->unpack };
	struct failure inner = { "" };
	int err;

	s->is_image = true;
	s->tree = tree_new();
	if (!s->tree)
		return failure_errno(why, -ENOMEM, "%.500s", spec->source);
	s->unpack.tree = s->tree;
	s->unpack.spool = &s->spool;
	s->unpack.whiteouts = true;
	err = docker ? docker_load(&o, &inner) : oci_load(&o, &inner);
	s->config = o.config;
	return err ? failure_set(why, err, "%.300s: %.700s", spec->source, inner.text) : 0;
}

int source_open(struct source *s, const struct spec *spec, const char *work, struct failure *why)
{
	int err;

	memset(s, 0, sizeof(*s));
	s->outer = tree_new();
	err = spool_open(&s->spool, work, spec->max_size, why);
	if (!err && !s->outer)
		err = failure_errno(why, -ENOMEM, "%.500s", spec->source);
	if (!err)
		err = read_outer(s, spec->source, why);
	if (err)
		return err;
	if (tree_has(s->outer, "oci-layout"))
		return read_image(s, spec, false, why);
	if (tree_has(s->outer, "manifest.json"))
		return read_image(s, spec, true, why);
	s->tree = s->outer;
	s->outer = NULL;
	return 0;
}

void source_close(struct source *s)
{
	tree_free(s->tree);
	tree_free(s->outer);
	container_free(&s->config);
	spool_close(&s->spool);
}
