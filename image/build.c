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
#include <image/progress.h>
#include <image/report.h>
#include <image/root.h>
#include <image/root_source.h>

static int interrupted(struct failure *why)
{
	return build_interrupted() ? failure_set(why, -EINTR, "interrupted") : 0;
}

struct build {
	struct spec *spec;
	const char *libdir;
	char work[1024];
	char name[NAME_MAX + 1];
	char nucleus[PATH_MAX], start[PATH_MAX], stage1[PATH_MAX];
	struct subject subject;
	struct program program;
	struct source source;
	struct root root;
	struct call_set calls;
	struct strings linked, missing;
	struct kernel kernel;
	struct failure *why;
};

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

// What an archive is called without its endings, or a folder.
static const char *source_name(const char *path, char out[NAME_MAX + 1])
{
	static const char *const endings[] = { ".gz", ".xz", ".bz2", ".zst", ".lz4", ".tgz",
					       ".txz", ".tar", ".oci" };
	char real[PATH_MAX];
	size_t n;

	snprintf(out, NAME_MAX + 1, "%.*s", NAME_MAX,
		 base_name(realpath(path, real) ? real : path));
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		n = strlen(out);
		if (n > strlen(endings[i]) && !strcmp(out + n - strlen(endings[i]), endings[i]))
			out[n - strlen(endings[i])] = 0;
	}
	return out;
}

static char *dup_printf(const char *fmt, const char *s)
{
	char *out = NULL;

	return asprintf(&out, fmt, s) < 0 ? NULL : out;
}

static int name_things(struct build *b, struct failure *why)
{
	struct spec *s = b->spec;
	const char *base = s->source ? source_name(s->source, b->name) : base_name(s->program);
	size_t n;

	if (!*base || strlen(base) > NAME_MAX)
		return failure_set(why, -EINVAL, "%s is not the path of a program",
				   s->source ? s->source : s->program);
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

static bool is_elf(const char *path)
{
	char magic[4] = "";
	FILE *f = fopen(path, "re");
	bool yes = f && fread(magic, 1, 4, f) == 4 && !memcmp(magic, "\177ELF", 4);

	if (f)
		fclose(f);
	return yes;
}

static int find_calls_in(const char *path, struct node *n, void *arg)
{
	struct build *b = arg;
	struct failure ignored;
	struct program p;
	int err;

	if (n->note.from == FROM_PROGRAM || !S_ISREG(n->attr.mode) || !n->content.host ||
	    !is_elf(n->content.host) || program_open(&p, n->content.host, &ignored))
		return 0;
	err = calls_find(&b->calls, &p, b->why);
	program_close(&p);
	return err;
}

static void all_calls(struct build *b, const char *as)
{
	b->calls.all_as = as;
	b->calls.all = b->calls.inet = b->calls.unix_ = b->calls.netlink = true;
}

// Calls of a static program, and of every ELF file that comes with it. What a dynamic one opens can
// make any, and what a program of a whole root file system runs there too.
static int find_calls(struct build *b, struct failure *why)
{
	int err;

	progress("reading the program");
	if (b->program.interpreter) {
		all_calls(b, "a dynamic program can open any library");
		return 0;
	}
	err = calls_find(&b->calls, &b->program, why);
	if (!err && b->spec->source) {
		if (b->calls.has[call_number("execve")] || b->calls.has[call_number("execveat")])
			all_calls(b, "the program can run others");
		return 0;
	}
	return err ? err : gather_each(&b->root.gather, find_calls_in, b);
}

// A call for sockets that is named by hand: of which families cannot be known.
static void add_named_families(struct build *b)
{
	for (size_t i = 0; i < b->spec->calls.count; i++)
		if (!strncmp(b->spec->calls.at[i], "socket", 6))
			b->calls.inet = b->calls.unix_ = b->calls.netlink = true;
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
	if (!s->memory)
		s->memory = b->program.interpreter ? SPEC_MEMORY_DYNAMIC : SPEC_MEMORY_STATIC;
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
		.guest_program = b->root.program,
		.arg0 = b->subject.guest,
		.name = b->name,
		.flags =
			s->platforms | (s->wx ? IMAGE_F_WX : 0) |
			(b->calls.inet ? IMAGE_F_NET : 0) |
			(kernel_has_volumes(&b->linked) ? IMAGE_F_VOLUMES : 0) |
			(kernel_has_disks(&b->linked) ? IMAGE_F_DISKS : 0),
		.net = s->net,
		.program_len = b->program.len,
		.nucleus = s->platforms & (IMAGE_F_KVM | IMAGE_F_PC) ? b->nucleus : NULL,
		.start = s->platforms & IMAGE_F_PC ? b->start : NULL,
		.stage1 = s->platforms & IMAGE_F_PC ? b->stage1 : NULL,
		.root = b->root.gather.tree,
		.args = &b->subject.args,
	};
	struct report r = { .output = s->output,
			    .compose = &c,
			    .calls = &b->calls,
			    .linked = &b->linked,
			    .missing = &b->missing,
			    .gather = &b->root.gather };
	struct composed made;
	int err;

	progress("writing the image");
	err = compose_image(&c, s->output, &made, why);
	progress(NULL);

	if (err)
		return err;
	r.image_len = made.image_len;
	r.root_len = made.root_len;
	r.nucleus_len = c.nucleus ? file_len(c.nucleus) : 0;
	r.start_len = c.start ? file_len(c.start) : 0;
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
	err = root_finish(&b->root, files, why);
	if (!err)
		err = interrupted(why);
	progress("linking the library OS");
	if (!err)
		err = kernel_link(&b->kernel, b->spec, &b->calls, b->libdir, b->work, &b->linked,
				  &b->missing, why);
	snprintf(b->nucleus, sizeof(b->nucleus), "%s/nucleus.bin", b->libdir);
	snprintf(b->start, sizeof(b->start), "%s/start.bin", b->libdir);
	snprintf(b->stage1, sizeof(b->stage1), "%s/stage1.bin", b->libdir);
	if (!err)
		err = interrupted(why);
	return err ? err : compose(b, why);
}

static int gather(struct build *b, struct failure *why)
{
	int err;

	progress("gathering files");
	if (b->spec->source)
		return root_from_source(&b->root, &b->source, b->spec, &b->subject, &b->program,
					b->work, why);
	err = subject_find(&b->subject, b->spec, why);
	if (!err)
		err = program_open(&b->program, b->subject.program, why);
	return err ? err : root_gather(&b->root, b->spec, &b->subject, &b->program, why);
}

static int build(struct build *b, struct failure *why)
{
	int err = gather(b, why);

	if (!err)
		err = find_calls(b, why);
	add_named_families(b);
	if (!err)
		err = add_defaults(b, why);
	if (!err && b->calls.inet)
		err = root_expose(&b->source, b->spec, why);
	if (!err)
		err = interrupted(why);
	return err ? err : in_work(b, why);
}

static int make_work(struct build *b, struct failure *why)
{
	const char *tmp = getenv("TMPDIR");

	if (snprintf(b->work, sizeof(b->work), "%s/pith-build.XXXXXX", tmp && *tmp ? tmp : "/tmp") >=
	    (int)sizeof(b->work))
		return failure_set(why, -ENAMETOOLONG, "TMPDIR is too long: %s", tmp);
	if (!mkdtemp(b->work))
		return failure_errno(why, -errno, "cannot make a temporary folder %s", b->work);
	return 0;
}

int build_image(struct spec *spec, const char *libdir, struct failure *why)
{
	struct build b = { .spec = spec, .libdir = libdir, .why = why, .source.spool.fd = -1 };
	int err = name_things(&b, why);

	if (!err)
		err = make_work(&b, why);
	if (!err) {
		err = build(&b, why);
		nftw(b.work, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	}
	strings_free(&b.linked);
	strings_free(&b.missing);
	kernel_free(&b.kernel);
	root_free(&b.root);
	source_close(&b.source);
	subject_free(&b.subject);
	program_close(&b.program);
	return err;
}
