// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Would the dynamic linker find everything? It looks for libraries by image/search.h; each that is
// found is asked what it wants in turn.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/dynamic.h>
#include <image/inside.h>
#include <image/search.h>

#define WANTED_MAX 4096

// What has been found; each is asked once, in order.
struct wanted {
	const struct wanted *by;
	struct node *node;
	char *path;
	struct program program;
	struct dynamic dynamic;
};

struct check {
	const struct tree *t;
	const char *preload; // LD_LIBRARY_PATH
	struct search search;
	struct wanted *at[WANTED_MAX];
	size_t count;
	const char *name; // looked for just now
	char found[PATH_MAX];
	struct failure *why;
};

static int add(struct check *c, const struct wanted *by, const char *path)
{
	struct failure ignored;
	struct wanted *w;
	struct node *n;
	int err;

	if (tree_find(c->t, path, true, &n, &ignored))
		return -ENOENT;
	for (size_t i = 0; i < c->count; i++)
		if (c->at[i]->node == n)
			return 0;
	if (c->count == WANTED_MAX)
		return failure_set(c->why, -E2BIG, "more than %d libraries are wanted", WANTED_MAX);
	w = calloc(1, sizeof(*w));
	if (!w || !(w->path = strdup(path))) {
		free(w);
		return failure_errno(c->why, -ENOMEM, "%.500s", path);
	}
	c->at[c->count++] = w;
	w->by = by;
	w->node = n;
	err = inside_map(&w->program, c->t, path, c->why);
	return err ? err : dynamic_read(&w->dynamic, &w->program, c->why);
}

static int try_dir(const struct search_dir *dir, void *arg)
{
	struct check *c = arg;
	struct failure ignored;
	struct node *n;

	return snprintf(c->found, PATH_MAX, "%s/%s", dir->guest, c->name) < PATH_MAX &&
	       !tree_find(c->t, c->found, true, &n, &ignored) && S_ISREG(n->attr.mode);
}

static int try_list(struct check *c, const char *list, const struct wanted *of)
{
	char origin[PATH_MAX];
	struct search_dir dir = { origin, origin };

	if (!list)
		return 0;
	snprintf(origin, sizeof(origin), "%s", of ? of->path : "/");
	*strrchr(origin, '/') = 0;
	return search_each(list, "", &dir, try_dir, c);
}

static int try_dirs(struct check *c, const struct strings *dirs)
{
	int found = 0;

	for (size_t i = 0; i < dirs->count && !found; i++)
		found = try_dir(&(struct search_dir){ dirs->at[i], dirs->at[i] }, c);
	return found;
}

static int look_for(struct check *c, const struct wanted *by, const char *name)
{
	int found = 0;

	c->name = name;
	if (strchr(name, '/')) {
		struct failure ignored;
		struct node *n;

		snprintf(c->found, PATH_MAX, "%s", name);
		found = !tree_find(c->t, name, true, &n, &ignored);
	}
	for (const struct wanted *w = by; w && !found; w = w->by)
		found = try_list(c, w->dynamic.rpath, w) || try_list(c, w->dynamic.runpath, w);
	if (!found)
		found = try_list(c, c->preload, NULL) || try_dirs(c, &c->search.configured) ||
			try_dirs(c, &c->search.usual);
	return found;
}

// The interpreter serves its own name; musl's is all of the C library.
static bool is_interpreter(const struct check *c, const char *name)
{
	const char *soname = c->count > 1 ? c->at[1]->dynamic.soname : NULL;

	return (soname && !strcmp(soname, name)) || (c->search.musl && !strncmp(name, "libc.", 5));
}

static int check_all(struct check *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct wanted *w = c->at[i];

		for (size_t k = 0; k < w->dynamic.needed_count; k++) {
			const char *name = w->dynamic.needed[k];
			int err;

			if (is_interpreter(c, name))
				continue;
			if (!look_for(c, w, name))
				return failure_set(
					c->why, -ENOENT,
					"the library %.200s is not in the root file system; "
					"%.400s wants it",
					name, w->path);
			err = add(c, w, c->found);
			if (err)
				return err;
		}
	}
	return 0;
}

// A small file of the tree to the host, so that image/search.c can read it there.
static void export(const struct tree *t, const char *path, const char *work)
{
	char to[PATH_MAX], bytes[65536];
	struct failure ignored;
	struct node *n;
	FILE *f;
	int fd;

	if (tree_find(t, path, true, &n, &ignored) || !S_ISREG(n->attr.mode) ||
	    n->size > sizeof(bytes) || node_open(n, &fd, &ignored))
		return;
	snprintf(to, sizeof(to), "%.2000s/%.1000s", work, path);
	f = node_read(n, fd, bytes, n->size, 0, &ignored) ? NULL : fopen(to, "we");
	node_close(n, fd);
	if (f) {
		fwrite(bytes, 1, n->size, f);
		fclose(f);
	}
}

static void export_config(const struct tree *t, const char *work)
{
	static const char *const folders[] = { "", "/etc", "/etc/ld.so.conf.d" };
	char path[PATH_MAX];
	struct failure ignored;
	struct tree_entry *list;
	struct node *n;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%.2000s%s", work, folders[i]);
		mkdir(path, 0700);
	}
	export(t, "/etc/ld.so.conf", work);
	export(t, "/etc/ld-musl-x86_64.path", work);
	if (tree_find(t, folders[2], true, &n, &ignored) || !S_ISDIR(n->attr.mode))
		return;
	list = node_entries(n);
	for (size_t i = 0; list && i < n->entry_count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folders[2], list[i].name);
		export(t, path, work);
	}
	free(list);
}

static const char *preload(const struct strings *env)
{
	for (size_t i = 0; i < env->count; i++)
		if (!strncmp(env->at[i], "LD_LIBRARY_PATH=", 16))
			return env->at[i] + 16;
	return NULL;
}

int inside_check(const struct inside *in, const struct tree *t, const struct strings *env,
		 const char *work, struct failure *why)
{
	const char *interpreter = in->program.interpreter;
	struct check *c;
	char conf[PATH_MAX];
	int err;

	if (!interpreter)
		return 0;
	c = calloc(1, sizeof(*c));
	if (!c)
		return failure_errno(why, -ENOMEM, "%.500s", in->path);
	c->t = t;
	c->preload = preload(env);
	c->why = why;
	snprintf(conf, sizeof(conf), "%.2000s/inside", work);
	export_config(t, conf);
	err = search_init(&c->search, interpreter, conf, why);
	if (!err)
		err = add(c, NULL, in->path);
	if (!err) {
		err = add(c, c->at[0], interpreter);
		if (err == -ENOENT)
			failure_set(why, err,
				    "%.400s needs the interpreter %.400s, which is not in the root "
				    "file system",
				    in->path, interpreter);
	}
	if (!err)
		err = check_all(c);
	for (size_t i = 0; i < c->count; i++) {
		dynamic_free(&c->at[i]->dynamic);
		program_close(&c->at[i]->program);
		free(c->at[i]->path);
		free(c->at[i]);
	}
	search_free(&c->search);
	free(c);
	return err;
}
