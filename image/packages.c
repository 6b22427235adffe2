// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A program's package is seldom whole by itself: nginx has its configuration in nginx-common, PHP
// its extensions in a dozen packages. Which ones come:
//
// 1. the packages that the program belongs to, and those that the user names;
// 2. of what a chosen one depends on (or recommends), those of the same source package; for a named
//    one also those of the same section of the archive (python3-requests -> python3-urllib3); and
//    of what it depends on, unless it is one of 3, packages of data: for all machines, with no
//    program but links to its data (php8.2-cli -> tzdata, libnode108 -> node-acorn);
// 3. of the same source, those that depend on a chosen one, as extensions do; but not what is for
//    developers, for reading, or libraries, which come if something wants them.
//
// Of their files come all but what package_files.c says is worth nothing in an image, and programs
// that users call, unless the package is a named one; headers and the like of a named one for
// developers only. Below /etc the folders that they have come as
// they are on this host, with what its administrator has put there; a link there that leads into
// another package brings that package too.
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/package_files.h>
#include <image/package_state.h>
#include <image/packages.h>

int packages_open(struct packages *p, const char *root, struct failure *why)
{
	memset(p, 0, sizeof(*p));
	return dpkg_open(&p->dpkg, root, why);
}

void packages_close(struct packages *p)
{
	dpkg_close(&p->dpkg);
	strings_free(&p->users);
	free(p->at);
	p->at = NULL;
	p->count = 0;
}

static bool is_chosen(const struct packages *p, const struct package *k)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->at[i].package == k)
			return true;
	return false;
}

static int choose(struct packages *p, const struct package *k, bool named, bool extension)
{
	struct chosen *more;

	if (is_chosen(p, k))
		return 0;
	more = realloc(p->at, (p->count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	p->at = more;
	more[p->count++] = (struct chosen){ k, named, extension };
	return 0;
}

// "contrib/web" is web.
static const char *section(const struct package *k)
{
	const char *slash = strrchr(k->section, '/');

	return slash ? slash + 1 : k->section;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), e = strlen(end);

	return n > e && !strcmp(s + n - e, end);
}

static bool is_extension(const struct package *k)
{
	static const char *const not[] = { "libdevel", "devel",		"doc", "debug",
					   "libs",     "localization", "oldlibs" };

	for (size_t i = 0; i < sizeof(not) / sizeof(not[0]); i++)
		if (!strcmp(section(k), not[i]))
			return false;
	return !ends_with(k->name, "-dev") && !ends_with(k->name, "-doc") &&
	       !ends_with(k->name, "-dbg") && !ends_with(k->name, "-dbgsym");
}

struct spread {
	struct packages *p;
	struct chosen from;
	const struct package *to; // for depends_on()
};

// A program that is a link into /usr/share is a script of what is there, and comes with nothing more.
static bool is_link_to_data(const struct dpkg *d, const char *path)
{
	char host[PATH_MAX], to[PATH_MAX];
	ssize_t n;

	if (snprintf(host, sizeof(host), "%s%s", d->root, path) >= (int)sizeof(host))
		return false;
	n = readlink(host, to, sizeof(to) - 1);
	to[n > 0 ? n : 0] = 0;
	return !strncmp(to, "../share/", 9) || !strncmp(to, "/usr/share/", 11);
}

static bool is_data(const struct dpkg *d, const struct package *k)
{
	struct strings paths = { 0 };
	struct failure ignored;
	bool yes = !strcmp(k->arch, "all") && !dpkg_files(d, k, &paths, &ignored);

	for (size_t i = 0; i < paths.count && yes; i++)
		yes = !package_file_is_program(paths.at[i]) || is_link_to_data(d, paths.at[i]);
	strings_free(&paths);
	return yes;
}

static int take_related(const struct package *k, void *arg)
{
	struct spread *s = arg;
	const struct package *from = s->from.package;

	if (strcmp(k->source, from->source) &&
	    !(s->from.named && *section(k) && !strcmp(section(k), section(from)) &&
	      is_extension(k)))
		return 0;
	return choose(s->p, k, s->from.named, s->from.extension);
}

static int take_wanted(const struct package *k, void *arg)
{
	struct spread *s = arg;

	if (s->from.extension || is_chosen(s->p, k) || !is_data(&s->p->dpkg, k))
		return take_related(k, arg);
	return choose(s->p, k, s->from.named, s->from.extension);
}

static int is_it(const struct package *k, void *arg)
{
	return k == ((struct spread *)arg)->to;
}

static int add_extensions(struct spread *s)
{
	const struct dpkg *d = &s->p->dpkg;
	int err = 0;

	s->to = s->from.package;
	for (size_t i = 0; i < d->count && !err; i++) {
		const struct package *k = &d->at[i];

		if (!strcmp(k->source, s->to->source) && is_extension(k) &&
		    (dpkg_each_in(d, k->depends, is_it, s) ||
		     dpkg_each_in(d, k->pre_depends, is_it, s)))
			err = choose(s->p, k, s->from.named, true);
	}
	return err;
}

// The list grows while it is walked.
static int spread_from(struct packages *p, size_t first, struct failure *why)
{
	int err = 0;

	for (size_t i = first; i < p->count && !err; i++) {
		struct spread s = { .p = p, .from = p->at[i] };
		const struct package *k = s.from.package;

		err = dpkg_each_in(&p->dpkg, k->pre_depends, take_wanted, &s);
		if (!err)
			err = dpkg_each_in(&p->dpkg, k->depends, take_wanted, &s);
		if (!err)
			err = dpkg_each_in(&p->dpkg, k->recommends, take_related, &s);
		if (!err)
			err = add_extensions(&s);
	}
	return err ? failure_errno(why, err, "packages") : 0;
}

int packages_add(struct packages *p, const char *name, struct failure *why)
{
	const struct package *k = dpkg_provider(&p->dpkg, name);
	size_t first = p->count;

	if (!p->dpkg.count)
		return failure_set(why, -ENOENT,
				   "the package %s cannot be brought: this host has no Debian "
				   "packages (no /var/lib/dpkg/status)",
				   name);
	if (!k)
		return failure_set(why, -ENOENT,
				   "there is no installed package %s: apt-get install %s", name,
				   name);
	if (choose(p, k, true, false))
		return failure_errno(why, -ENOMEM, "packages");
	return spread_from(p, first, why);
}

int packages_add_owners(struct packages *p, const struct strings *paths, struct failure *why)
{
	const struct package **owners = calloc(paths->count + 1, sizeof(*owners));
	size_t first = p->count;
	int err = owners ? dpkg_owners(&p->dpkg, paths, owners, why)
			 : failure_errno(why, -ENOMEM, "packages");

	for (size_t i = 0; i < paths->count && !err; i++)
		if (owners[i] && choose(p, owners[i], false, false))
			err = failure_errno(why, -ENOMEM, "packages");
	free(owners);
	return err ? err : spread_from(p, first, why);
}

struct bringing {
	struct packages *p;
	struct gather *g;
	const struct chosen *from;
	struct strings links; // where links below /etc lead
	struct failure *why;
};

// Python keeps what it has compiled beside its sources, in files that no package has. Without them
// a program compiles everything again, at each start.
static int bring_compiled(struct bringing *b, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t n = strlen(path), skip = strlen(b->g->root);
	char pattern[PATH_MAX];
	glob_t found;
	int err = 0;

	if (n < 4 || strcmp(path + n - 3, ".py") ||
	    snprintf(pattern, sizeof(pattern), "%s%.*s/__pycache__/%.*s.cpython-*.pyc", b->g->root,
		     (int)(slash - path), path, (int)(path + n - 3 - slash - 1), slash + 1) >=
		    (int)sizeof(pattern) ||
	    glob(pattern, 0, NULL, &found))
		return 0;
	for (size_t i = 0; i < found.gl_pathc && err >= 0; i++)
		err = gather_path(b->g, found.gl_pathv[i] + skip, FROM_PACKAGE,
				  b->from->package->name, NULL, b->why);
	globfree(&found);
	return err < 0 ? err : 0;
}

// Is it, or anything above it, a folder of the user's? Then only what packages have comes there.
static bool is_users(const struct gather *g, const char *path)
{
	char above[PATH_MAX];
	struct failure ignored;
	struct node *n;

	snprintf(above, sizeof(above), "%s", path);
	while (*above) {
		if (!tree_find(g->tree, above, false, &n, &ignored) && n->note.from == FROM_USER)
			return true;
		*strrchr(above, '/') = 0;
	}
	return false;
}

// Headers and archives are wanted by who names a package of them.
static bool is_for_linking(const struct chosen *c)
{
	const char *s = section(c->package);

	return c->named && (!strcmp(s, "devel") || !strcmp(s, "libdevel"));
}

static int bring_one(struct bringing *b, const char *path)
{
	const char *name = b->from->package->name;
	enum worth worth = package_file_worth(path);
	char host[PATH_MAX], end[PATH_MAX];
	struct stat st;
	int err;

	if (worth == WORTH_NOTHING ||
	    snprintf(host, sizeof(host), "%s%s", b->g->root, path) >= PATH_MAX ||
	    lstat(host, &st)) // its administrator has removed it
		return 0;
	if (worth == WORTH_LINKING && !is_for_linking(b->from))
		return 0;
	if (worth == WORTH_PROGRAM && !S_ISDIR(st.st_mode) && !b->from->named)
		return 0;
	if (S_ISREG(st.st_mode) && access(host, R_OK))
		return gather_note(b->g, "%s of the package %s is left out: it may not be read",
				   path, name);
	err = gather_path(b->g, path, FROM_PACKAGE, name, end, b->why);
	if (err == -ENOMEM || err == -EINTR)
		return err;
	if (err == -ENOENT) // a link that leads nowhere on the host either
		return 0;
	if (err < 0)
		return gather_note(b->g, "%s of the package %s is left out: %s", path, name,
				   b->why->text);
	return bring_compiled(b, path);
}

// What else is in the package's folders below /etc.
static int bring_folder(struct bringing *b, const char *path)
{
	char host[PATH_MAX];
	struct stat st;

	if (package_file_worth(path) != WORTH_CONFIG || package_dir_is_shared(path) ||
	    snprintf(host, sizeof(host), "%s%s", b->g->root, path) >= PATH_MAX ||
	    lstat(host, &st) || !S_ISDIR(st.st_mode) || is_users(b->g, path))
		return 0;
	return gather_whole(b->g, path, FROM_PACKAGE, b->from->package->name, b->why);
}

static int bring_package(struct bringing *b)
{
	struct strings paths = { 0 };
	int err = dpkg_files(&b->p->dpkg, b->from->package, &paths, b->why);

	for (size_t i = 0; i < paths.count && err >= 0; i++)
		err = bring_one(b, paths.at[i]);
	for (size_t i = 0; i < paths.count && err >= 0; i++)
		err = bring_folder(b, paths.at[i]);
	if (err >= 0)
		err = package_state(b->g, b->from->package, &paths, &b->p->users, b->why);
	strings_free(&paths);
	return err < 0 ? err : 0;
}

// Links below /etc that have come with packages, to see what else they lead into.
static int note_link(const char *path, struct node *n, void *arg)
{
	struct bringing *b = arg;
	struct failure ignored;
	char end[PATH_MAX];

	if (!S_ISLNK(n->attr.mode) || n->note.from != FROM_PACKAGE || strncmp(path, "/etc/", 5))
		return 0;
	if (gather_path(b->g, path, FROM_PACKAGE, n->note.why, end, &ignored) < 0)
		return 0;
	return strncmp(end, "/etc/", 5) ? strings_add(&b->links, end) : 0;
}

int packages_gather(struct packages *p, struct gather *g, struct failure *why)
{
	size_t done = 0;
	int err = 0;

	while (done < p->count && !err) {
		struct bringing b = { .p = p, .g = g, .why = why };

		for (; done < p->count && !err; done++) {
			b.from = &(struct chosen){ .package = p->at[done].package,
						   .named = p->at[done].named };
			err = bring_package(&b);
		}
		if (!err && gather_each(g, note_link, &b))
			err = failure_errno(why, -ENOMEM, "packages");
		if (!err)
			err = packages_add_owners(p, &b.links, why);
		strings_free(&b.links);
	}
	return err;
}
