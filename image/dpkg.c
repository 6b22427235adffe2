// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `status` has a paragraph for each package; info/NAME.list or info/NAME:ARCH.list its paths. The
// status is read whole and cut up where it lies.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <image/dpkg.h>

#define DATABASE "/var/lib/dpkg"
#define PATH_ROOM 4200

struct fields {
	const char *package, *status, *architecture, *source, *section;
	const char *depends, *pre_depends, *recommends, *provides;
};

static char *read_all(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t len = 0, room = 0;

	while (f && !feof(f) && !ferror(f)) {
		if (room - len < 2) {
			char *more = realloc(text, room = room ? room * 2 : 1 << 20);

			if (!more)
				break;
			text = more;
		}
		len += fread(text + len, 1, room - len - 1, f);
	}
	if (!f || ferror(f) || !feof(f) || !text) {
		free(text);
		text = NULL;
	} else {
		text[len] = 0;
	}
	if (f)
		fclose(f);
	return text;
}

static void take_field(struct fields *f, char *line)
{
	static const struct {
		const char *name;
		size_t at;
	} known[] = {
		{ "Package", offsetof(struct fields, package) },
		{ "Status", offsetof(struct fields, status) },
		{ "Architecture", offsetof(struct fields, architecture) },
		{ "Source", offsetof(struct fields, source) },
		{ "Section", offsetof(struct fields, section) },
		{ "Depends", offsetof(struct fields, depends) },
		{ "Pre-Depends", offsetof(struct fields, pre_depends) },
		{ "Recommends", offsetof(struct fields, recommends) },
		{ "Provides", offsetof(struct fields, provides) },
	};
	char *colon = strchr(line, ':');

	if (!colon || *line == ' ')
		return;
	*colon = 0;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(line, known[i].name))
			*(const char **)((char *)f + known[i].at) =
				colon + 1 + strspn(colon + 1, " ");
}

static bool is_installed(const char *status)
{
	const char *state = status ? strrchr(status, ' ') : NULL;

	return state && (!strcmp(state, " installed") || !strncmp(state, " triggers-", 10));
}

static const char *or_none(const char *s)
{
	return s ? s : "";
}

static int add_package(struct dpkg *d, struct fields *f)
{
	struct package *more;

	if (!f->package || !is_installed(f->status))
		return 0;
	if (!(d->count & (d->count + 1))) { // room for 1, 3, 7, ...
		more = realloc(d->at, (d->count * 2 + 1) * sizeof(*more));
		if (!more)
			return -ENOMEM;
		d->at = more;
	}
	if (f->source) // "php8.2 (8.2.20-1)"
		((char *)f->source)[strcspn(f->source, " (")] = 0;
	d->at[d->count++] = (struct package){
		.name = f->package,
		.arch = or_none(f->architecture),
		.source = f->source ? f->source : f->package,
		.section = or_none(f->section),
		.depends = or_none(f->depends),
		.pre_depends = or_none(f->pre_depends),
		.recommends = or_none(f->recommends),
		.provides = or_none(f->provides),
	};
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct package *)a)->name, ((const struct package *)b)->name);
}

int dpkg_open(struct dpkg *d, const char *root, struct failure *why)
{
	struct fields f = { NULL };
	char path[PATH_ROOM], *next;
	int err = 0;

	*d = (struct dpkg){ .root = root };
	snprintf(path, sizeof(path), "%s" DATABASE "/status", root);
	d->text = read_all(path);
	for (char *line = d->text; line && !err; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (*line) {
			take_field(&f, line);
			continue;
		}
		err = add_package(d, &f);
		f = (struct fields){ NULL };
	}
	if (!err)
		err = add_package(d, &f);
	if (err) {
		dpkg_close(d);
		return failure_errno(why, err, "%s", path);
	}
	if (d->count)
		qsort(d->at, d->count, sizeof(*d->at), by_name);
	return 0;
}

void dpkg_close(struct dpkg *d)
{
	free(d->at);
	free(d->text);
	*d = (struct dpkg){ .root = d->root };
}

const struct package *dpkg_find(const struct dpkg *d, const char *name)
{
	const struct package key = { .name = name };

	return d->count ? bsearch(&key, d->at, d->count, sizeof(*d->at), by_name) : NULL;
}

// The next name of a list, without version and architecture; NULL: none is left.
static const char *next_name(const char **list, char name[256])
{
	size_t n;

	*list += strspn(*list, " ,|\t\n");
	n = strcspn(*list, " ,|\t\n(:[");
	if (!n)
		return NULL;
	snprintf(name, 256, "%.*s", (int)n, *list);
	*list += strcspn(*list, ",|");
	return name;
}

static bool list_has(const char *list, const char *name)
{
	char one[256];

	while (next_name(&list, one))
		if (!strcmp(one, name))
			return true;
	return false;
}

const struct package *dpkg_provider(const struct dpkg *d, const char *name)
{
	const struct package *p = dpkg_find(d, name);

	for (size_t i = 0; i < d->count && !p; i++)
		if (list_has(d->at[i].provides, name))
			p = &d->at[i];
	return p;
}

int dpkg_each_in(const struct dpkg *d, const char *list,
		 int (*visit)(const struct package *p, void *arg), void *arg)
{
	char name[256];
	int end = 0;

	while (!end && next_name(&list, name)) {
		const struct package *p = dpkg_provider(d, name);

		end = p ? visit(p, arg) : 0;
	}
	return end;
}

static FILE *open_list(const struct dpkg *d, const struct package *p)
{
	char path[PATH_ROOM];
	FILE *f;

	snprintf(path, sizeof(path), "%s" DATABASE "/info/%s.list", d->root, p->name);
	f = fopen(path, "re");
	if (f || errno != ENOENT)
		return f;
	snprintf(path, sizeof(path), "%s" DATABASE "/info/%s:%s.list", d->root, p->name, p->arch);
	return fopen(path, "re");
}

// Calls visit() with each path of a package, until it gives other than 0.
static int each_path(const struct dpkg *d, const struct package *p,
		     int (*visit)(const char *path, void *arg), void *arg, struct failure *why)
{
	FILE *f = open_list(d, p);
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int end = 0;

	if (!f)
		return failure_errno(why, -errno, "cannot read the list of files of the package %s",
				     p->name);
	while (!end && (n = getline(&line, &room, f)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = 0;
		if (*line == '/')
			end = visit(line, arg);
	}
	free(line);
	fclose(f);
	return end;
}

static int take_path(const char *path, void *arg)
{
	return strcmp(path, "/.") ? strings_add(arg, path) : 0;
}

int dpkg_files(const struct dpkg *d, const struct package *p, struct strings *paths,
	       struct failure *why)
{
	int err = each_path(d, p, take_path, paths, why);

	return err == -ENOMEM ? failure_errno(why, err, "files of %s", p->name) : err;
}

// /usr/bin/x and /bin/x are the same on hosts where /bin leads to usr/bin, and packages use either.
static const char *without_usr(const char *path)
{
	return strncmp(path, "/usr/", 5) ? path : path + 4;
}

struct asked {
	const char *path;
	size_t index;
};

struct owners {
	const struct package *package, **out;
	const struct asked *asked; // by path
	size_t count;
};

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct asked *)a)->path, ((const struct asked *)b)->path);
}

static int look_up(const char *path, void *arg)
{
	struct owners *o = arg;
	const struct asked key = { without_usr(path), 0 },
			   *found = bsearch(&key, o->asked, o->count, sizeof(key), by_path);

	if (found && !o->out[found->index])
		o->out[found->index] = o->package;
	return 0;
}

int dpkg_owners(const struct dpkg *d, const struct strings *paths, const struct package **owners,
		struct failure *why)
{
	struct asked *asked = calloc(paths->count + 1, sizeof(*asked));
	struct owners o = { .out = owners, .asked = asked, .count = paths->count };
	struct failure ignored;

	if (!asked)
		return failure_errno(why, -ENOMEM, "packages");
	for (size_t i = 0; i < paths->count; i++) {
		asked[i] = (struct asked){ without_usr(paths->at[i]), i };
		owners[i] = NULL;
	}
	qsort(asked, paths->count, sizeof(*asked), by_path);
	for (size_t i = 0; i < d->count && paths->count; i++) { // one whose list is gone has nothing
		o.package = &d->at[i];
		each_path(d, o.package, look_up, &o, &ignored);
	}
	free(asked);
	return 0;
}
