// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The steps of a build, in order. Temporary files live in one folder that goes in the end, whatever
// happened.
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <image/build.h>
#include <image/interrupt.h>
#include <image/libraries.h>
#include <image/progress.h>
#include <image/report.h>
#include <image/root.h>

static int interrupted(struct failure *why)
{
	return build_interrupted() ? failure_set(why, -EINTR, "interrupted") : 0;
}

struct build {
	struct spec *spec;
	const char *libdir;
	char work[1024];
	char guest_program[NAME_MAX + 2];
	char name[NAME_MAX + 1];
	char nucleus[PATH_MAX], root[PATH_MAX];
	struct program program;
	struct call_set calls;
	struct strings linked, missing;
	struct kernel kernel;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static char *dup_printf(const char *fmt, const char *s)
{
	char *out = NULL;

	return asprintf(&out, fmt, s) < 0 ? NULL : out;
}

static int name_things(struct build *b, struct failure *why)
{
	struct spec *s = b->spec;
	const char *base = base_name(s->program);
	size_t n;

	if (!*base || strlen(base) > NAME_MAX)
		return failure_set(why, -EINVAL, "%s is not the path of a program", s->program);
	snprintf(b->guest_program, sizeof(b->guest_program), "/%s", base);
	if (!s->output)
		s->output = dup_printf("%s.pith", base);
	if (!s->output)
		return failure_errno(why, -ENOMEM, "name of the image");
	snprintf(b->name, sizeof(b->name), "%s", s->name ? s->name : base_name(s->output));
	n = strlen(b->name);
	if (!s->name && n > 5 && !strcmp(b->name + n - 5, ".pith"))
		b->name[n - 5] = 0;
	return 0;
}

// The host's file that is to be at a path of the image by the user's wish, or NULL.
static const char *given(const char *guest, void *arg)
{
	static char host[PATH_MAX];
	const struct spec *s = arg;

	for (size_t i = 0; i < s->files.count; i++) {
		const char *file = s->files.at[i], *to = strrchr(file, ':') + 1;
		size_t n = strlen(to);

		if (strncmp(guest, to, n) || (guest[n] && guest[n] != '/'))
			continue;
		snprintf(host, sizeof(host), "%.*s%s", (int)(to - 1 - file), file, guest + n);
		if (!access(host, F_OK))
			return host;
	}
	return NULL;
}

static int is_elf(const char *path)
{
	char magic[4] = "";
	FILE *f = fopen(path, "re");
	bool yes = f && fread(magic, 1, 4, f) == 4 && !memcmp(magic, "\177ELF", 4);

	if (f)
		fclose(f);
	return yes;
}

// Calls of the program and of every ELF file that was given with it: libraries, the interpreter.
static int find_calls(struct build *b, struct failure *why)
{
	int err;

	if (b->program.interpreter) { // what dlopen() brings can make any
		b->calls.all = b->calls.inet = b->calls.unix_ = true;
		return 0;
	}
	progress("reading the program");
	err = calls_find(&b->calls, &b->program, why);

	for (size_t i = 0; i < b->spec->files.count && !err; i++) {
		char path[PATH_MAX];
		struct program p;

		snprintf(path, sizeof(path), "%.*s",
			 (int)(strrchr(b->spec->files.at[i], ':') - b->spec->files.at[i]),
			 b->spec->files.at[i]);
		if (!is_elf(path) || program_open(&p, path, why))
			continue;
		err = calls_find(&b->calls, &p, why);
		program_close(&p);
	}
	return err;
}

// A call for sockets that is named by hand: of which families cannot be known.
static void add_named_families(struct build *b)
{
	for (size_t i = 0; i < b->spec->calls.count; i++)
		if (!strncmp(b->spec->calls.at[i], "socket", 6))
			b->calls.inet = b->calls.unix_ = true;
}

// What is given by name is looked for; by path, it goes where its host path says.
static int add_lib(struct build *b, struct libraries *l, const char *lib, struct failure *why)
{
	char real[PATH_MAX];

	if (!strchr(lib, '/'))
		return libraries_add_named(l, lib, why);
	if (!realpath(lib, real))
		return failure_errno(why, -errno, "cannot read the library %s", lib);
	return libraries_add(l, real, real, why);
}

static int gather_libraries(struct build *b, struct failure *why)
{
	struct search search;
	struct libraries l = { .search = &search, .root = "", .given = given, .arg = b->spec };
	struct failure ignored;
	char real[PATH_MAX], file[2 * PATH_MAX];
	int err = search_init(&search, b->program.interpreter, "", why);

	if (err)
		return err;
	if (!realpath(b->spec->program, real))
		err = failure_errno(why, -errno, "cannot read %s", b->spec->program);
	if (!err)
		err = libraries_add_program(&l, real, b->guest_program, why);
	for (size_t i = 0; i < b->spec->libs.count && !err; i++)
		err = add_lib(b, &l, b->spec->libs.at[i], why);
	if (!err && !search.musl) // glibc opens it when a thread is cancelled
		libraries_add_named(&l, "libgcc_s.so.1", &ignored);
	for (size_t i = 1; i < l.count && !err; i++) {
		if (given(l.at[i]->guest, b->spec))
			continue;
		snprintf(file, sizeof(file), "%s:%s", l.at[i]->host, l.at[i]->guest);
		err = spec_file(b->spec, file, why);
	}
	libraries_free(&l);
	search_free(&search);
	return err;
}

static int check_program(struct build *b, struct failure *why)
{
	int err = program_open(&b->program, b->spec->program, why);

	if (err)
		return err;
	return b->program.interpreter ? gather_libraries(b, why) : 0;
}

static int add_defaults(struct build *b, struct failure *why)
{
	struct spec *s = b->spec;
	bool path = false;

	for (size_t i = 0; i < s->env.count; i++)
		path |= !strncmp(s->env.at[i], "PATH=", 5);
	if (!path &&
	    spec_env(s, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", why))
		return -ENOMEM;
	if (!s->net_set)
		s->net = b->calls.inet ? MANIFEST_NET_USER : MANIFEST_NET_NONE;
	if (s->net != MANIFEST_NET_NONE && !b->calls.inet)
		return failure_set(
			why, -EINVAL,
			"%s makes no sockets of the internet, so it has no use for a network",
			s->program);
	for (size_t i = 0; i < s->port_count && !b->calls.inet; i++)
		return failure_set(
			why, -EINVAL,
			"%s makes no sockets of the internet, so no port of it can be published",
			s->program);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static uint64_t file_len(const char *path)
{
	struct stat st;

	return stat(path, &st) ? 0 : (uint64_t)st.st_size;
}

static int compose(struct build *b, struct failure *why)
{
	struct spec *s = b->spec;
	struct compose c = {
		.spec = s,
		.kernel = &b->kernel,
		.calls = &b->linked,
		.guest_program = b->guest_program,
		.name = b->name,
		.flags =
			s->platforms | (s->wx ? IMAGE_F_WX : 0) | (b->calls.inet ? IMAGE_F_NET : 0),
		.net = s->net,
		.program_len = b->program.len,
		.nucleus = s->platforms & IMAGE_F_KVM ? b->nucleus : NULL,
		.root = b->root,
	};
	struct report r = { .output = s->output,
			    .compose = &c,
			    .calls = &b->calls,
			    .linked = &b->linked,
			    .missing = &b->missing };
	int err;

	progress("writing the image");
	err = compose_image(&c, s->output, &r.image_len, why);
	progress(NULL);

	if (err)
		return err;
	r.root_len = file_len(b->root);
	r.nucleus_len = c.nucleus ? file_len(c.nucleus) : 0;
	r.file_len = file_len(s->output);
	if (s->json)
		report_json(&r);
	else if (!s->quiet)
		report_text(&r);
	return 0;
}

static int in_work(struct build *b, struct failure *why)
{
	bool files = b->calls.all || b->calls.has[call_number("open")] ||
		     b->calls.has[call_number("openat")];
	int err;

	progress("making the root file system");
	err = root_make(b->spec, b->guest_program, files, b->work, why);

	if (!err)
		err = interrupted(why);
	progress("linking the library OS");
	if (!err)
		err = kernel_link(&b->kernel, b->spec, &b->calls, b->libdir, b->work, &b->linked,
				  &b->missing, why);
	snprintf(b->root, sizeof(b->root), "%s/root.erofs", b->work);
	snprintf(b->nucleus, sizeof(b->nucleus), "%s/nucleus.bin", b->libdir);
	if (!err)
		err = interrupted(why);
	return err ? err : compose(b, why);
}

int build_image(struct spec *spec, const char *libdir, struct failure *why)
{
	struct build b = { .spec = spec, .libdir = libdir };
	const char *tmp = getenv("TMPDIR");
	int err = name_things(&b, why);

	if (!err)
		err = check_program(&b, why);
	if (!err)
		err = find_calls(&b, why);
	add_named_families(&b);
	if (!err)
		err = add_defaults(&b, why);
	if (!err)
		err = interrupted(why);
	if (!err && snprintf(b.work, sizeof(b.work), "%s/pith-build.XXXXXX",
			     tmp && *tmp ? tmp : "/tmp") >= (int)sizeof(b.work))
		err = failure_set(why, -ENAMETOOLONG, "TMPDIR is too long: %s", tmp);
	if (!err && !mkdtemp(b.work))
		err = failure_errno(why, -errno, "cannot make a temporary folder %s", b.work);
	else if (!err) {
		err = in_work(&b, why);
		nftw(b.work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	kernel_free(&b.kernel);
	program_close(&b.program);
	return err;
}
