// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/ldcache.h>
#include <image/libraries.h>
#include <image/root_libraries.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

// When a thread is cancelled; for /etc/nsswitch.conf, before glibc 2.34 had them in itself.
static const char *const opened_by_glibc[] = { "libgcc_s.so.1", "libnss_files.so.2",
					       "libnss_dns.so.2" };

struct work {
	struct gather *g;
	struct libraries *libs;
	struct failure *why;
};

// The host's file that the image has under this name already, or NULL.
static const char *given(const char *guest, void *arg)
{
	const struct gather *g = arg;
	struct failure ignored;
	struct node *n;

	return tree_find(g->tree, guest, true, &n, &ignored) || !S_ISREG(n->attr.mode)
		       ? NULL
		       : n->content.host;
}

// A library by its path: where it is, or, from a folder that images do not have, where the loader
// looks for names.
static int add_lib(struct libraries *l, const char *lib, struct failure *why)
{
	char real[PATH_MAX], guest[PATH_MAX];
	const char *place = l->search->musl ? "/lib" : "/usr/lib/x86_64-linux-gnu";

	if (!strchr(lib, '/'))
		return libraries_add_named(l, lib, why);
	if (!realpath(lib, real))
		return failure_errno(why, -errno, "cannot read the library %s", lib);
	if (*lib == '/' && (!strncmp(lib, "/usr/", 5) || !strncmp(lib, "/lib", 4)))
		return libraries_add(l, real, lib, why);
	snprintf(guest, sizeof(guest), "%s%s", place, strrchr(lib, '/'));
	return libraries_add(l, real, guest, why);
}

static bool is_elf(const char *path)
{
	char magic[4] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool yes = fd >= 0 && read(fd, magic, 4) == 4 && !memcmp(magic, "\177ELF", 4);

	if (fd >= 0)
		close(fd);
	return yes;
}

static int add_found(const char *path, struct node *n, void *arg)
{
	struct work *w = arg;

	if (!S_ISREG(n->attr.mode) || !n->content.host || !is_elf(n->content.host))
		return 0;
	return libraries_add_plugin(w->libs, n->content.host, path, w->why);
}

static int put_libraries(struct gather *g, const struct libraries *l, struct failure *why)
{
	size_t skip = strlen(g->root);
	int err = 0;

	for (size_t i = 0; i < l->count && err >= 0; i++) {
		const struct library *b = l->at[i];
		const char *by = b->by ? b->by->guest : NULL;
		enum from from = b->opened ? FROM_OPENED : FROM_LIBRARY;

		if (b->in_image)
			continue;
		if (!strncmp(b->host, g->root, skip) && !strcmp(b->host + skip, b->guest))
			err = gather_path(g, b->guest, from, by, NULL, why);
		else
			err = gather_file(g, b->host, b->guest, from, by, why);
	}
	for (size_t i = 0; i < l->missing_count && err >= 0; i++)
		if (libraries_lack(l, &l->missing[i]))
			err = gather_note(g, "the library %s is not found, which %s wants",
					  l->missing[i].name, l->missing[i].by->guest);
	return err < 0 ? err : 0;
}

static int put_cache(struct gather *g, const struct libraries *l, struct failure *why)
{
	size_t len;
	uint8_t *cache = ldcache_make(l, &len);
	int err = cache ? gather_text(g, "/etc/ld.so.cache", cache, len, 0644, why)
			: failure_errno(why, -ENOMEM, "/etc/ld.so.cache");

	free(cache);
	return err < 0 ? err : 0;
}

// musl reads where to look from a file of its own.
static int put_musl_path(struct gather *g, struct failure *why)
{
	int err = gather_path(g, "/etc/ld-musl-x86_64.path", FROM_LIBRARY, NULL, NULL, why);

	return err == -ENOMEM ? err : 0;
}

static const char *preload(const struct spec *spec)
{
	static const char name[] = "LD_LIBRARY_PATH=";

	for (size_t i = 0; i < spec->env.count; i++)
		if (!strncmp(spec->env.at[i], name, strlen(name)))
			return spec->env.at[i] + strlen(name);
	return NULL;
}

// $ORIGIN of a program is where its file is, not where links to it are.
static int find_all(struct work *w, const struct spec *spec, const char *program,
		    const char *guest)
{
	struct libraries *l = w->libs;
	struct failure ignored;
	char real[PATH_MAX];
	int err = realpath(program, real)
			  ? libraries_add_program(l, real, guest, w->why)
			  : failure_errno(w->why, -errno, "cannot read %s", program);

	for (size_t i = 0; i < spec->libs.count && !err; i++)
		err = add_lib(l, spec->libs.at[i], w->why);
	if (!err)
		err = libraries_add_opened(l, w->why);
	for (size_t i = 0; !l->search->musl && i < COUNT(opened_by_glibc) && !err; i++)
		libraries_add_named(l, opened_by_glibc[i], &ignored);
	return err ? err : gather_each(w->g, add_found, w);
}

int root_libraries(struct gather *g, const struct spec *spec, const struct program *program,
		   const char *guest, struct failure *why)
{
	struct search search;
	struct libraries l = { .search = &search, .root = g->root, .preload = preload(spec),
			       .given = given,	  .arg = g };
	struct work w = { g, &l, why };
	int err = search_init(&search, program->interpreter, g->root, why);

	if (err)
		return err;
	err = find_all(&w, spec, program->path, guest);
	if (!err)
		err = put_libraries(g, &l, why);
	if (!err)
		err = search.musl ? put_musl_path(g, why) : put_cache(g, &l, why);
	libraries_free(&l);
	search_free(&search);
	return err;
}
