// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// One list: it is walked while it grows, so that nothing recurses and circles end.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/libraries.h>
#include <image/opened.h>

#define LIBRARIES_MAX 8192

// What is looked for, and where it was found.
struct quest {
	const struct libraries *all;
	const char *name;
	char host[PATH_MAX], guest[PATH_MAX];
};

static struct library *find_guest(const struct libraries *l, const char *guest)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->at[i]->guest, guest))
			return l->at[i];
	return NULL;
}

static void library_free(struct library *b)
{
	dynamic_free(&b->dynamic);
	program_close(&b->program);
	free(b->host);
	free(b->guest);
	free(b);
}

static int append(struct libraries *l, const struct library *by, const char *host,
		  const char *guest, struct failure *why)
{
	struct library **more = realloc(l->at, (l->count + 1) * sizeof(*more)), *b;
	int err;

	if (more)
		l->at = more;
	b = more ? calloc(1, sizeof(*b)) : NULL;
	if (!b)
		return failure_errno(why, -ENOMEM, "%s", host);
	b->by = by;
	b->host = strdup(host);
	b->guest = strdup(guest);
	b->in_image = l->given && l->given(guest, l->arg);
	err = b->host && b->guest ? program_open(&b->program, host, why)
				  : failure_errno(why, -ENOMEM, "%s", host);
	if (!err)
		err = dynamic_read(&b->dynamic, &b->program, why);
	if (err)
		library_free(b);
	else
		l->at[l->count++] = b;
	return err;
}

// The loader passes over files of another machine, and looks on.
static bool is_library(const char *path)
{
	struct failure ignored;
	struct stat st;
	struct program p;
	bool yes;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || program_open(&p, path, &ignored))
		return false;
	yes = p.eh->e_type == ET_DYN;
	program_close(&p);
	return yes;
}

// 1: found. What the user gives is looked at first, since it will be there.
static int try_place(const struct search_dir *dir, void *arg)
{
	struct quest *q = arg;
	const char *given;

	if (snprintf(q->guest, PATH_MAX, "%s/%s", strcmp(dir->guest, "/") ? dir->guest : "",
		     q->name) >= PATH_MAX)
		return 0;
	given = q->all->given ? q->all->given(q->guest, q->all->arg) : NULL;
	if (given)
		return snprintf(q->host, PATH_MAX, "%s", given) < PATH_MAX && is_library(q->host);
	return snprintf(q->host, PATH_MAX, "%s/%s", dir->host, q->name) < PATH_MAX &&
	       is_library(q->host);
}

static int try_list(struct quest *q, const char *list, const struct library *of)
{
	char host[PATH_MAX], guest[PATH_MAX];
	struct search_dir origin = { host, guest };

	if (!list)
		return 0;
	snprintf(host, sizeof(host), "%s", of ? of->host : "/");
	snprintf(guest, sizeof(guest), "%s", of ? of->guest : "/");
	*strrchr(host, '/') = 0;
	*strrchr(guest, '/') = 0;
	return search_each(list, q->all->root, &origin, try_place, q);
}

static int try_dirs(struct quest *q, const struct strings *dirs)
{
	char host[PATH_MAX];
	int found = 0;

	for (size_t i = 0; i < dirs->count && !found; i++)
		if (snprintf(host, sizeof(host), "%s%s", q->all->root, dirs->at[i]) < PATH_MAX)
			found = try_place(&(struct search_dir){ host, dirs->at[i] }, q);
	return found;
}

// glibc: RPATH of the library and of all that led to it, unless the library has a RUNPATH;
// LD_LIBRARY_PATH; RUNPATH; the cache (which is ld.so.conf); the usual folders. musl makes no
// difference between the two paths, and has LD_LIBRARY_PATH first.
static int search_all(struct quest *q, const struct library *by)
{
	const struct libraries *l = q->all;
	bool musl = l->search->musl;
	int found = musl ? try_list(q, l->preload, NULL) : 0;

	for (const struct library *b = by; b && !found && (musl || !by->dynamic.runpath); b = b->by) {
		found = try_list(q, b->dynamic.rpath, b);
		if (musl && !found)
			found = try_list(q, b->dynamic.runpath, b);
	}
	if (!musl && !found)
		found = try_list(q, l->preload, NULL);
	if (!musl && !found && by)
		found = try_list(q, by->dynamic.runpath, by);
	if (!found && !(by && by->dynamic.no_default))
		found = try_dirs(q, &l->search->configured) || try_dirs(q, &l->search->usual);
	return found;
}

// musl's loader is its C library, by all the names that libraries of other systems have.
static bool is_musl_itself(const char *name)
{
	static const char *const parts[] = { "c", "pthread", "rt", "m", "dl", "util", "xnet" };
	size_t n = strncmp(name, "lib", 3) ? 0 : strcspn(name + 3, ".");

	for (size_t i = 0; n && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (strlen(parts[i]) == n && !strncmp(name + 3, parts[i], n) && name[3 + n])
			return true;
	return false;
}

// The loader is there, whatever wants it.
static bool is_interpreter(const struct libraries *l, const char *name)
{
	const char *soname = l->interpreter ? l->interpreter->dynamic.soname : NULL;

	return (soname && !strcmp(soname, name)) || (l->search->musl && is_musl_itself(name));
}

// One that is loaded under this name already serves everybody: private libraries of a plugin's
// program, mostly.
static bool is_loaded(const struct libraries *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++) {
		const char *soname = l->at[i]->dynamic.soname;

		if (soname && !strcmp(soname, name))
			return true;
	}
	return false;
}

static int missing(struct libraries *l, const char *name, const struct library *by,
		   struct failure *why)
{
	if (l->lenient) {
		struct want *more =
			realloc(l->missing, (l->missing_count + 1) * sizeof(*more));

		if (!more)
			return failure_errno(why, -ENOMEM, "libraries");
		l->missing = more;
		more[l->missing_count++] = (struct want){ name, by };
		return 0;
	}
	return failure_set(why, -ENOENT,
			   "the library %s is not found, which %s wants: install it, or give it "
			   "with --lib PATH or --file HOST:GUEST",
			   name, by ? by->host : "the program");
}

static int add_wanted(struct libraries *l, const struct library *by, const char *name,
		      struct failure *why)
{
	struct quest q = { .all = l, .name = name };

	if (is_interpreter(l, name))
		return 0;
	if (strchr(name, '/')) {
		char list[PATH_MAX];
		const char *slash = strrchr(name, '/');

		// Tokens may stand in it as in a list; a relative one is relative to /.
		snprintf(list, sizeof(list), "%s%.*s", *name == '/' || *name == '$' ? "" : "/",
			 (int)(slash - name), name);
		q.name = slash + 1;
		if (!try_list(&q, list, by))
			return missing(l, name, by, why);
	} else if (!search_all(&q, by)) {
		return is_loaded(l, name) ? 0 : missing(l, name, by, why);
	}
	if (find_guest(l, q.guest))
		return 0;
	if (l->count == LIBRARIES_MAX)
		return failure_set(why, -E2BIG, "more than %d libraries are wanted", LIBRARIES_MAX);
	return append(l, by, q.host, q.guest, why);
}

static int add_needed(struct libraries *l, size_t from, struct failure *why)
{
	int err = 0;

	for (size_t i = from; i < l->count && !err; i++)
		for (size_t n = 0; n < l->at[i]->dynamic.needed_count && !err; n++)
			err = add_wanted(l, l->at[i], l->at[i]->dynamic.needed[n], why);
	return err;
}

bool libraries_lack(const struct libraries *l, const struct want *w)
{
	return !is_loaded(l, w->name);
}

int libraries_add_program(struct libraries *l, const char *host, const char *guest,
			  struct failure *why)
{
	char path[PATH_MAX];
	const char *interpreter, *given;
	int err = append(l, NULL, host, guest, why);

	if (err)
		return err;
	interpreter = l->at[l->count - 1]->program.interpreter;
	if (interpreter && !l->interpreter) {
		given = l->given ? l->given(interpreter, l->arg) : NULL;
		snprintf(path, sizeof(path), "%s%s", given ? "" : l->root,
			 given ? given : interpreter);
		err = append(l, l->at[l->count - 1], path, interpreter, why);
		if (err)
			return failure_set(why, -ENOENT,
					   "%s needs the interpreter %s, which is not usable: "
					   "install it, or give it with --file HOST:%s",
					   host, interpreter, interpreter);
		l->interpreter = l->at[l->count - 1];
	}
	return add_needed(l, l->interpreter ? l->count - 2 : l->count - 1, why);
}

int libraries_add(struct libraries *l, const char *host, const char *guest, struct failure *why)
{
	size_t first = l->count;
	int err = find_guest(l, guest) ? 0 : append(l, NULL, host, guest, why);

	return err ? err : add_needed(l, first, why);
}

int libraries_add_plugin(struct libraries *l, const char *host, const char *guest,
			 struct failure *why)
{
	struct failure ignored;
	size_t first = l->count;
	int err = find_guest(l, guest) ? 0 : append(l, l->at[0], host, guest, &ignored);

	if (err == -ENOMEM)
		return failure_errno(why, err, "%s", host);
	l->lenient = true;
	err = add_needed(l, first, why);
	l->lenient = false;
	return err;
}

int libraries_add_named(struct libraries *l, const char *name, struct failure *why)
{
	size_t first = l->count;
	int err = add_wanted(l, l->count ? l->at[0] : NULL, name, why);

	if (!err)
		err = add_needed(l, first, why);
	if (l->count > first)
		l->at[first]->by = NULL; // nobody has it in a list
	return err;
}

struct opening {
	struct libraries *libs;
	struct failure *why;
};

static int add_opened(const char *name, void *arg)
{
	struct opening *o = arg;
	struct libraries *l = o->libs;
	size_t first = l->count;
	int err = is_loaded(l, name) ? 0 : add_wanted(l, l->at[0], name, o->why);

	if (l->count > first)
		l->at[first]->opened = true;
	if (!err) {
		l->lenient = true;
		err = add_needed(l, first, o->why);
		l->lenient = false;
	}
	return err == -ENOENT ? 0 : err;
}

int libraries_add_opened(struct libraries *l, struct failure *why)
{
	return opened_each(&l->at[0]->program, add_opened, &(struct opening){ l, why });
}

void libraries_free(struct libraries *l)
{
	for (size_t i = 0; i < l->count; i++)
		library_free(l->at[i]);
	free(l->at);
	free(l->missing);
	l->missing = NULL;
	l->missing_count = 0;
	l->at = NULL;
	l->count = 0;
}
