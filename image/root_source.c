// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What runs: --program and the user's arguments; else Entrypoint and Cmd, of which the user's
// arguments replace Cmd. With only a Cmd, they are the program too, as with docker.
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/account.h>
#include <image/inside.h>
#include <image/root_source.h>
#include <image/search.h>

static int append(struct strings *to, const struct strings *from)
{
	int err = 0;

	for (size_t i = 0; i < from->count && !err; i++)
		err = strings_add(to, from->at[i]);
	return err;
}

// The user's variables come over the image's.
static int merge_env(struct spec *spec, const struct strings *image, struct failure *why)
{
	struct strings users = spec->env;
	int err = 0;

	spec->env = (struct strings){ 0 };
	for (size_t i = 0; i < image->count && !err; i++)
		err = spec_env(spec, image->at[i], why);
	for (size_t i = 0; i < users.count && !err; i++)
		err = spec_env(spec, users.at[i], why);
	strings_free(&users);
	return err;
}

static int add_home(struct spec *spec, const char *home, struct failure *why)
{
	char text[PATH_MAX + 8];

	for (size_t i = 0; i < spec->env.count; i++)
		if (!strncmp(spec->env.at[i], "HOME=", 5))
			return 0;
	snprintf(text, sizeof(text), "HOME=%s", *home ? home : "/");
	return spec_env(spec, text, why);
}

static int take_signal(struct spec *spec, const char *name, struct failure *why)
{
	char *end;
	long n = strtol(name, &end, 10);

	if (!*name)
		return 0;
	for (int i = 1; *end && i < SIGRTMIN; i++) {
		const char *short_name = sigabbrev_np(i);

		if (short_name &&
		    !strcasecmp(short_name, name + 3 * !strncasecmp(name, "SIG", 3))) {
			n = i;
			end = (char *)"";
		}
	}
	if (*end || n < 1 || n > SIGRTMAX)
		return failure_set(why, -EINVAL,
				   "the image is to be stopped by %.100s, which is no "
				   "signal",
				   name);
	spec->stop_signal = (uint32_t)n;
	return 0;
}

static int take_cwd(struct spec *spec, struct tree *t, const char *workdir, struct failure *why)
{
	const struct attr a = { .mode = S_IFDIR | 0755 };
	char path[PATH_MAX];
	struct node *n;
	int err = 0;

	if (!*workdir)
		return 0;
	if (*workdir != '/' || !path_tidy(workdir, path))
		return failure_set(why, -EINVAL, "the image begins in %.400s, which is no path",
				   workdir);
	if (tree_find(t, path, true, &n, why))
		err = tree_add(t, path, &a, TREE_REPLACE, &n, why);
	if (!err && !S_ISDIR(n->attr.mode))
		err = failure_set(why, -ENOTDIR, "the image begins in %.400s, which is no folder",
				  path);
	spec->cwd = strdup(path);
	return err || spec->cwd ? err : failure_errno(why, -ENOMEM, "%.400s", path);
}

static int take_config(const struct source *s, struct spec *spec, struct tree *t,
		       struct failure *why)
{
	const struct container *c = &s->config;
	struct account who;
	int err = merge_env(spec, &c->env, why);

	if (!err)
		err = take_cwd(spec, t, c->workdir, why);
	if (!err)
		err = account_find(&who, t, c->user, why);
	if (!err)
		err = add_home(spec, who.home, why);
	if (!err)
		err = take_signal(spec, c->stop_signal, why);
	if (!err) {
		spec->uid = who.uid;
		spec->gid = who.gid;
	}
	return err;
}

// argv, and how much of it stays when `pith run` gives other arguments.
static int choose_argv(const struct source *s, const struct spec *spec, struct strings *argv,
		       size_t *kept, struct failure *why)
{
	const struct container *c = &s->config;
	int err = 0;

	if (spec->program)
		err = strings_add(argv, spec->program);
	else
		err = append(argv, &c->entrypoint);
	*kept = argv->count ? argv->count : 1;
	if (!err)
		err = append(argv, spec->args_given || spec->args.count || spec->program
					   ? &spec->args
					   : &c->cmd);
	if (err)
		return failure_errno(why, err, "arguments");
	if (!argv->count)
		return failure_set(
			why, -EINVAL,
			s->is_image ? "%.500s does not say what to run: give --program PATH"
				    : "%.500s is a root file system, which does not say what "
				      "to run: give --program PATH",
			spec->source);
	return 0;
}

// The subject is what stays of argv, and spec->args the rest.
static int split_argv(struct spec *spec, struct subject *subject, const struct strings *argv,
		      size_t kept, struct failure *why)
{
	int err = 0;

	strings_free(&spec->args);
	spec->args = (struct strings){ 0 };
	subject->guest = strdup(argv->at[0]);
	subject->program = strdup(argv->at[0]);
	for (size_t i = 1; i < argv->count && !err; i++)
		err = strings_add(i < kept ? &subject->args : &spec->args, argv->at[i]);
	return !err && subject->guest && subject->program
		       ? 0
		       : failure_errno(why, -ENOMEM, "arguments");
}

static int find_program(struct root *r, const struct source *s, struct spec *spec,
			struct subject *subject, struct program *program, const char *work,
			struct failure *why)
{
	struct strings argv = { 0 };
	struct failure inner = { "" };
	struct inside in;
	size_t kept;
	int err = choose_argv(s, spec, &argv, &kept, why);

	if (!err) {
		err = inside_find(&in, r->gather.tree, &argv, &spec->env,
				  spec->cwd ? spec->cwd : "/", &inner);
		if (!err)
			err = inside_check(&in, r->gather.tree, &spec->env, work, &inner);
		if (err)
			failure_set(why, err, "%.300s: %.700s", spec->source, inner.text);
		if (!err)
			err = split_argv(spec, subject, &in.argv, kept + in.script_args, why);
		if (!err) {
			snprintf(r->program, sizeof(r->program), "%s", in.path);
			*program = in.program;
			in.program.map = NULL;
		}
		inside_free(&in);
	}
	strings_free(&argv);
	return err;
}

// Files that whoever runs a container gives it: those that an image has are empty, or of the place
// where it was made.
static int hide_runtime_files(struct tree *t, struct failure *why)
{
	static const char *const files[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/hostname" };
	int err = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && !err; i++)
		err = tree_hide(t, files[i], why);
	return err;
}

static int note_left_out(struct gather *g, const struct untar *u)
{
	if (!u->attributes)
		return 0;
	return gather_note(g, "extended attributes are left out, of %u file%s: %s of %s%s",
			   u->attributes, u->attributes == 1 ? "" : "s", u->attribute,
			   u->attribute_of, u->attributes == 1 ? "" : ", ...");
}

int root_from_source(struct root *r, struct source *s, struct spec *spec, struct subject *subject,
		     struct program *program, const char *work, struct failure *why)
{
	struct gather *g = &r->gather;
	int err = source_open(s, spec, work, why);

	memset(g, 0, sizeof(*g));
	g->root = "";
	g->tree = s->tree;
	s->tree = NULL;
	if (!err)
		err = gather_mark_all(g, FROM_USER, spec->source, why);
	if (!err)
		err = note_left_out(g, &s->unpack) ? failure_errno(why, -ENOMEM, "notes") : 0;
	if (!err) {
		tree_next_layer(g->tree);
		err = root_add_files(r, spec, why);
	}
	if (!err && s->is_image)
		err = hide_runtime_files(g->tree, why);
	if (!err && s->is_image)
		err = take_config(s, spec, g->tree, why);
	return err ? err : find_program(r, s, spec, subject, program, work, why);
}

int root_expose(const struct source *s, struct spec *spec, struct failure *why)
{
	struct failure ignored;
	int err = 0;

	// A range of ports means nothing to anybody who could publish it.
	for (size_t i = 0; i < s->config.ports.count && !err; i++)
		err = spec_port(spec, s->config.ports.at[i], &ignored) == -ENOMEM
			      ? failure_errno(why, -ENOMEM, "ports")
			      : 0;
	return err;
}
