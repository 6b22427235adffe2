// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// JSON of anybody's as what describes a container image. The input is files in a tree: each a line
// with its path, and what follows up to a line with "--" its content.
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/account.h>
#include <image/oci.h>

static const char mark[] = "\n--\n";

static void put(struct tree *t, const char *path, const char *bytes, size_t len)
{
	const struct attr a = { .mode = S_IFREG | 0644 };
	struct failure why;
	struct node *n;

	if (!tree_add(t, path, &a, TREE_REPLACE, &n, &why) && node_set_bytes(n, bytes, len))
		abort();
}

static void fill(struct tree *t, const char *p, size_t left)
{
	while (left) {
		const char *nl = memchr(p, '\n', left);
		const char *end;
		char path[200];

		if (!nl || nl - p >= (long)sizeof(path))
			return;
		memcpy(path, p, (size_t)(nl - p));
		path[nl - p] = 0;
		left -= (size_t)(nl + 1 - p);
		p = nl + 1;
		end = memmem(p, left, mark, sizeof(mark) - 1);
		put(t, path, p, end ? (size_t)(end - p) : left);
		if (!end)
			return;
		end += sizeof(mark) - 1;
		left -= (size_t)(end - p);
		p = end;
	}
}

static void load(const struct tree *t, int (*fn)(struct oci *, struct failure *))
{
	struct failure why = { "" };
	struct spool spool;
	struct untar u = { .tree = tree_new(), .spool = &spool, .whiteouts = true };
	struct oci o = { .from = t, .to = &u };
	struct account who;

	if (!u.tree || spool_open(&spool, "/dev/shm", 1 << 20, &why))
		abort();
	if (fn(&o, &why)) {
		if (!why.text[0])
			abort(); // refused without a word
	} else if (account_find(&who, t, o.config.user, &why) && !why.text[0]) {
		abort();
	}
	container_free(&o.config);
	tree_free(u.tree);
	spool_close(&spool);
}

// The parts behind the digests: a configuration by itself.
static void load_config(const struct tree *t)
{
	struct container c = { 0 };
	struct failure why = { "" };
	struct json j;

	if (!json_read(&j, t, "config", NULL, &why) && container_read(&c, &j, &why) && !why.text[0])
		abort();
	json_free(&j);
	container_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct tree *t = tree_new();

	if (!t)
		abort();
	fill(t, (const char *)bytes, size);
	load(t, oci_load);
	load(t, docker_load);
	load_config(t);
	tree_free(t);
	return 0;
}
