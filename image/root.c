// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The order matters, since what comes first stays: the user's files, the program, packages,
// libraries, and what the builder makes.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/etc.h>
#include <image/locale.h>
#include <image/root.h>
#include <image/root_libraries.h>
#include <image/search.h>

// Hosts where /bin and the like are links have them in the image too, before anything goes there.
static int add_aliases(struct gather *g, struct failure *why)
{
	static const char *const names[] = { "/bin", "/sbin", "/lib", "/lib64" };
	char host[PATH_MAX], target[PATH_MAX], end[PATH_MAX];
	int err = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && err >= 0; i++) {
		ssize_t n;

		snprintf(host, sizeof(host), "%s%s", g->root, names[i]);
		n = readlink(host, target, sizeof(target) - 1);
		if (n <= 0)
			continue;
		err = gather_path(g, names[i], FROM_BUILDER, NULL, end, why);
	}
	return err < 0 ? err : 0;
}

int root_add_files(struct root *r, const struct spec *spec, struct failure *why)
{
	struct gather *g = &r->gather;
	int err = 0;

	for (size_t i = 0; i < spec->files.count && !err; i++) {
		const char *text = spec->files.at[i], *colon = strrchr(text, ':');
		char from[PATH_MAX];

		snprintf(from, sizeof(from), "%.*s", (int)(colon - text), text);
		err = gather_user(g, from, colon + 1, text, why);
	}
	return err;
}

static bool is_file_of(const struct node *n, const char *host)
{
	char a[PATH_MAX], b[PATH_MAX];

	return n->content.host && realpath(n->content.host, a) && realpath(host, b) &&
	       !strcmp(a, b);
}

// What runs stays where it is on the host, or goes where subject_find() has decided. *end: its path
// in the image behind all links, PATH_MAX.
static int add_program(struct gather *g, const char *host, const char *guest, char *end,
		       struct failure *why)
{
	struct node *n;
	int err = strcmp(host, guest) ? gather_file(g, host, guest, FROM_PROGRAM, NULL, why) : 0;

	if (err >= 0)
		err = gather_path(g, guest, FROM_PROGRAM, NULL, end, why);

	if (err >= 0)
		err = tree_find(g->tree, guest, true, &n, why);
	if (!err && !is_file_of(n, host))
		err = failure_set(why, -EEXIST, "%s is given twice for the image", guest);
	if (err)
		return err;
	n->attr.mode |= 0555; // it is going to be run
	return gather_mark(g, n, FROM_PROGRAM, NULL, why);
}

// The names by which a package may have a file: each link that leads to it, and the end.
static int note_names(const char *path, struct strings *names)
{
	char at[PATH_MAX], target[PATH_MAX], next[2 * PATH_MAX];
	int err = strings_add(names, path);

	snprintf(at, sizeof(at), "%s", path);
	for (unsigned links = 0; links < 40 && !err; links++) {
		ssize_t n = readlink(at, target, sizeof(target) - 1);

		if (n <= 0)
			break;
		target[n] = 0;
		snprintf(next, sizeof(next), "%.*s/%s", (int)(strrchr(at, '/') - at), at, target);
		if (!path_tidy(*target == '/' ? target : next, at))
			break;
		err = strings_add(names, at);
	}
	if (!err && realpath(path, target))
		err = strings_add(names, target);
	return err;
}

// No package has anything elsewhere, so that most programs need no look at the packages.
static bool may_be_packaged(const struct strings *names)
{
	static const char *const folders[] = { "/usr/", "/bin/", "/sbin/", "/lib", "/opt/" };

	for (size_t i = 0; i < names->count; i++)
		for (size_t k = 0; k < sizeof(folders) / sizeof(folders[0]); k++)
			if (!strncmp(names->at[i], folders[k], strlen(folders[k])))
				return true;
	return false;
}

static int choose_packages(struct root *r, const struct spec *spec, const struct subject *subject,
			   struct failure *why)
{
	struct strings names = { 0 };
	bool look = false;
	int err = 0;

	if (!spec->no_package) {
		err = note_names(subject->program, &names);
		if (!err && subject->script)
			err = note_names(subject->script, &names);
		look = may_be_packaged(&names);
	}
	if (err)
		failure_errno(why, err, "packages");
	else if (look || spec->packages.count)
		err = packages_open(&r->packages, r->gather.root, why);
	// First those that the user names: more comes of them, also where they are the program's own.
	for (size_t i = 0; i < spec->packages.count && !err; i++)
		err = packages_add(&r->packages, spec->packages.at[i], why);
	if (!err && look)
		err = packages_add_owners(&r->packages, &names, why);
	strings_free(&names);
	return err;
}

int root_gather(struct root *r, const struct spec *spec, const struct subject *subject,
		const struct program *program, struct failure *why)
{
	struct gather *g = &r->gather;
	char script[PATH_MAX];
	int err;

	memset(r, 0, sizeof(*r));
	err = gather_init(g, "", why);
	if (!err)
		err = choose_packages(r, spec, subject, why);
	r->full = program->interpreter || r->packages.count;
	if (!err && r->full)
		err = add_aliases(g, why);
	if (!err)
		err = root_add_files(r, spec, why);
	if (!err)
		err = add_program(g, subject->program, subject->guest, r->program, why);
	if (!err && subject->script)
		err = add_program(g, subject->script, subject->guest_script, script, why);
	if (!err)
		err = packages_gather(&r->packages, g, why);
	if (!err && program->interpreter)
		err = locale_put(g, spec, why);
	if (!err && program->interpreter)
		err = root_libraries(g, spec, program, r->program, why);
	return err;
}

int root_finish(struct root *r, bool opens, struct failure *why)
{
	int err = opens ? etc_put(&r->gather, &r->packages.users, r->full, why) : 0;

	return err ? err : places_put(&r->gather, r->full, why);
}

void root_free(struct root *r)
{
	gather_free(&r->gather);
	packages_close(&r->packages);
}
