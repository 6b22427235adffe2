// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Finding the program, as execvp(3) would in there.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <image/inside.h>
#include <image/script.h>
#include <image/search.h>

#define SCRIPTS_MAX 4 // scripts of scripts, as Linux has it
#define LINKS_MAX 40
#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *variable(const struct strings *env, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < env->count; i++)
		if (!strncmp(env->at[i], name, n) && env->at[i][n] == '=')
			return env->at[i] + n + 1;
	return NULL;
}

static bool is_program(const struct tree *t, const char *path)
{
	struct failure ignored;
	struct node *n;

	return !tree_find(t, path, true, &n, &ignored) && S_ISREG(n->attr.mode) &&
	       n->attr.mode & 0111;
}

static int find_in_path(const struct tree *t, const struct strings *env, const char *name,
			char out[PATH_MAX], struct failure *why)
{
	const char *list = variable(env, "PATH");

	list = list ? list : DEFAULT_PATH;
	for (const char *p = list; *p; p += strcspn(p, ":"), p += *p == ':') {
		size_t n = strcspn(p, ":");

		if (n && snprintf(out, PATH_MAX, "%.*s/%s", (int)n, p, name) < PATH_MAX &&
		    is_program(t, out))
			return 0;
	}
	return failure_set(why, -ENOENT, "the program %.200s is nowhere in PATH (%.400s)", name,
			   list);
}

static int find_program(const struct tree *t, const struct strings *env, const char *cwd,
			const char *name, char out[PATH_MAX], struct failure *why)
{
	char full[2 * PATH_MAX];
	struct failure inner = { "" };
	struct node *n;
	int err;

	if (!*name)
		return failure_set(why, -EINVAL, "the name of the program is empty");
	if (!strchr(name, '/'))
		return find_in_path(t, env, name, out, why);
	snprintf(full, sizeof(full), "%.4000s/%.4000s", *name == '/' ? "" : cwd, name);
	if (!path_tidy(full, out))
		return failure_set(why, -ENAMETOOLONG, "%.200s: the path is too long", name);
	err = tree_find(t, out, true, &n, &inner);
	if (err)
		return failure_set(why, err, "the program %.200s: %.700s", name, inner.text);
	if (!S_ISREG(n->attr.mode))
		return failure_set(why, -EACCES, "the program %.500s is not a file", out);
	return n->attr.mode & 0111
		       ? 0
		       : failure_set(why, -EACCES,
				     "the program %.500s may not be run: it has no x in its "
				     "mode",
				     out);
}

// Behind all links. The path is there, and ends at a file.
static int resolve(const struct tree *t, char path[PATH_MAX], struct failure *why)
{
	char next[2 * PATH_MAX], head[PATH_MAX];
	const struct node *link;
	struct node *n;

	for (unsigned links = 0; links < LINKS_MAX; links++) {
		char *end = path;
		bool met = false;

		// The first name on the way that is a link gives way to its target.
		while (!met && (end = strchr(end + 1, '/'), true)) {
			snprintf(head, sizeof(head), "%.*s",
				 (int)(end ? end - path : (long)strlen(path)), path);
			if (tree_find(t, head, false, &n, why))
				return -ENOENT;
			met = S_ISLNK(n->attr.mode);
			if (!end)
				break;
		}
		if (!met)
			return 0;
		link = n;
		*strrchr(head, '/') = 0;
		snprintf(next, sizeof(next), "%s/%.4000s%s",
			 link->content.bytes[0] == '/' ? "" : head, link->content.bytes,
			 end ? end : "");
		if (!path_tidy(next, path))
			break;
	}
	return failure_set(why, -ELOOP, "%.500s goes in a circle of symbolic links", path);
}

int inside_map(struct program *p, const struct tree *t, const char *path, struct failure *why)
{
	void *map = MAP_FAILED;
	struct node *n;
	int fd, err = tree_find(t, path, true, &n, why);

	memset(p, 0, sizeof(*p));
	if (err)
		return err;
	snprintf(p->path, sizeof(p->path), "%s", path);
	p->mode = n->attr.mode & 07777;
	if (n->size)
		map = mmap(NULL, n->size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (map == MAP_FAILED)
		return failure_set(why, -ENOEXEC, "%.500s is empty, or too large", path);
	p->len = n->size;
	err = node_open(n, &fd, why);
	if (!err) {
		err = node_read(n, fd, map, n->size, 0, why);
		node_close(n, fd);
	}
	if (!err)
		err = program_check(p, map, n->size, why);
	if (err) {
		munmap(map, n->size);
		p->map = NULL;
	}
	return err;
}

static int read_first(const struct tree *t, const char *path, char text[SCRIPT_LINE + 1],
		      struct failure *why)
{
	struct node *n;
	size_t len;
	int fd, err = tree_find(t, path, true, &n, why);

	memset(text, 0, SCRIPT_LINE + 1);
	if (err)
		return err;
	len = n->size < SCRIPT_LINE ? n->size : SCRIPT_LINE;
	err = node_open(n, &fd, why);
	if (err)
		return err;
	err = node_read(n, fd, text, len, 0, why);
	node_close(n, fd);
	return err;
}

// argv[0] becomes the script's path, and words go before it.
static int put_interpreter(struct inside *in, const char *interpreter, const char *arg,
			   const char *script, struct failure *why)
{
	struct strings all = { 0 };
	int err = strings_add(&all, interpreter);

	if (!err && *arg)
		err = strings_add(&all, arg);
	if (!err)
		err = strings_add(&all, script);
	for (size_t i = 1; i < in->argv.count && !err; i++)
		err = strings_add(&all, in->argv.at[i]);
	strings_free(&in->argv);
	in->argv = all;
	in->script_args += *arg ? 2 : 1;
	return err ? failure_errno(why, err, "%.500s", script) : 0;
}

// 1: in->path is a script; the interpreter is what is looked for now. env(1) with a name only looks
// into PATH, so it is done here.
static int take_script(struct inside *in, const struct tree *t, const struct strings *env,
		       struct failure *why)
{
	char text[SCRIPT_LINE + 1], script[PATH_MAX], *word, *rest;
	struct failure inner = { "" };
	int err = read_first(t, in->path, text, why);

	if (err || !script_split(text, &word, &rest))
		return err;
	strcpy(script, in->path);
	if (script_by_env(word) && *rest && *rest != '-' && !strpbrk(rest, " \t=")) {
		word = rest;
		rest = (char *)"";
	}
	err = find_program(t, env, "/", word, in->path, &inner);
	if (err)
		return failure_set(why, err, "the script %.300s wants an interpreter: %.600s",
				   script, inner.text);
	err = put_interpreter(in, word, rest, script, why);
	return err ? err : 1;
}

int inside_find(struct inside *in, const struct tree *t, const struct strings *argv,
		const struct strings *env, const char *cwd, struct failure *why)
{
	int err = 0;

	memset(in, 0, sizeof(*in));
	for (size_t i = 0; i < argv->count && !err; i++)
		err = strings_add(&in->argv, argv->at[i]) ? failure_errno(why, -ENOMEM, "arguments")
							  : 0;
	if (!err)
		err = find_program(t, env, cwd, argv->at[0], in->path, why);
	for (unsigned i = 0; !err; i++) {
		err = take_script(in, t, env, why);
		if (err <= 0)
			break;
		err = i < SCRIPTS_MAX
			      ? 0
			      : failure_set(why, -ELOOP, "%.500s: scripts of scripts, without end",
					    in->path);
	}
	if (!err)
		err = resolve(t, in->path, why);
	if (!err)
		err = inside_map(&in->program, t, in->path, why);
	return err;
}

void inside_free(struct inside *in)
{
	program_close(&in->program);
	strings_free(&in->argv);
}
