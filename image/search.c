// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <image/search.h>

#define INCLUDES_MAX 8 // files that include each other end here

static const char *const glibc_usual[] = { "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu",
					   "/lib64", "/usr/lib64", "/lib", "/usr/lib", NULL };
static const char *const musl_usual[] = { "/lib", "/usr/local/lib", "/usr/lib", NULL };
static const char lib_token[] = "lib/x86_64-linux-gnu"; // $LIB, as Debian's ld.so has it

struct reader {
	struct search *search;
	const char *root;
	unsigned depth;
	int err;
};

bool path_tidy(const char *path, char *out)
{
	size_t len = 0;

	if (*path != '/')
		return false;
	while (*path) {
		size_t n;

		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 2 && !strncmp(path, "..", 2)) {
			while (len && out[--len] != '/')
				;
		} else if (n && !(n == 1 && *path == '.')) {
			if (len + 1 + n >= PATH_MAX)
				return false;
			out[len++] = '/';
			memcpy(out + len, path, n);
			len += n;
		}
		path += n;
	}
	if (!len)
		out[len++] = '/';
	out[len] = 0;
	return true;
}

static int add_dir(struct strings *l, const char *dir)
{
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->at[i], dir))
			return 0;
	return strings_add(l, dir);
}

static int add_configured(const struct search_dir *dir, void *arg)
{
	return add_dir(&((struct search *)arg)->configured, dir->guest);
}

static void read_config(struct reader *r, const char *path);

// Patterns are relative to the file that has them.
static void include(struct reader *r, const char *from, const char *pattern)
{
	char full[PATH_MAX];
	const char *slash = strrchr(from, '/');
	glob_t found;
	int n;

	n = *pattern == '/' ? snprintf(full, sizeof(full), "%s%s", r->root, pattern)
			    : snprintf(full, sizeof(full), "%.*s/%s", (int)(slash - from), from,
				       pattern);
	if (n >= (int)sizeof(full) || r->depth == INCLUDES_MAX || glob(full, 0, NULL, &found))
		return;
	r->depth++;
	for (size_t i = 0; i < found.gl_pathc; i++)
		read_config(r, found.gl_pathv[i]);
	r->depth--;
	globfree(&found);
}

// One line of ld.so.conf: a folder, or `include PATTERN...`; ldconfig(8).
static void take_line(struct reader *r, const char *path, char *line)
{
	static const char blanks[] = " \t\r\n,:";
	char *rest, *word, tidy[PATH_MAX];

	line[strcspn(line, "#")] = 0;
	word = strtok_r(line, blanks, &rest);
	if (word && !strcmp(word, "include")) {
		while ((word = strtok_r(NULL, " \t\r\n", &rest)))
			include(r, path, word);
		return;
	}
	for (; word; word = strtok_r(NULL, blanks, &rest))
		if (path_tidy(word, tidy) && !r->err)
			r->err = add_dir(&r->search->configured, tidy);
}

static void read_config(struct reader *r, const char *path)
{
	char line[PATH_MAX];
	FILE *f = fopen(path, "re");

	if (!f)
		return;
	while (fgets(line, sizeof(line), f))
		take_line(r, path, line);
	fclose(f);
}

// musl: folders with `:` or ends of lines between them replace the usual ones, if there is a file.
static int read_musl(struct search *s, const char *root)
{
	static const struct search_dir top = { "/", "/" };
	char path[PATH_MAX], text[PATH_MAX];
	size_t n;
	FILE *f;
	int err;

	snprintf(path, sizeof(path), "%s/etc/ld-musl-x86_64.path", root);
	f = fopen(path, "re");
	if (!f)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = 0;
	for (char *p = text; *p; p++)
		if (*p == '\n')
			*p = ':';
	err = search_each(text, "", &top, add_configured, s);
	return err ? err : 1;
}

int search_init(struct search *s, const char *interpreter, const char *root, struct failure *why)
{
	struct reader r = { .search = s, .root = root };
	const char *const *usual;
	char path[PATH_MAX];

	memset(s, 0, sizeof(*s));
	s->musl = strstr(interpreter, "/ld-musl-") != NULL;
	if (s->musl) {
		r.err = read_musl(s, root);
		usual = r.err ? NULL : musl_usual;
		r.err = r.err < 0 ? r.err : 0;
	} else {
		snprintf(path, sizeof(path), "%s/etc/ld.so.conf", root);
		read_config(&r, path);
		usual = glibc_usual;
	}
	for (; usual && *usual && !r.err; usual++)
		r.err = add_dir(&s->usual, *usual);
	if (r.err)
		search_free(s);
	return r.err ? failure_errno(why, r.err, "folders of libraries") : 0;
}

void search_free(struct search *s)
{
	strings_free(&s->configured);
	strings_free(&s->usual);
}

// What the token at p stands for, or NULL; its length is *n. ld.so(8): Dynamic string tokens.
static const char *token(const char *p, const char *origin, size_t *n)
{
	static const char *const names[] = { "ORIGIN", "LIB" };
	const char *const values[] = { origin, lib_token };

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(names[i]);
		bool braces = p[1] == '{';
		char next;

		if (strncmp(p + 1 + braces, names[i], len))
			continue;
		next = p[1 + braces + len];
		*n = 1 + 2 * (size_t)braces + len;
		if (braces ? next == '}' : !isalnum((unsigned char)next) && next != '_')
			return values[i];
	}
	return NULL;
}

// false: too long, or with a token that is not known here ($PLATFORM).
static bool expand(const char *from, size_t len, const char *origin, char *out)
{
	char raw[PATH_MAX];
	size_t n = 0;

	for (size_t i = 0; i < len;) {
		size_t used = 1, add = 1;
		const char *value = from + i;

		if (from[i] == '$') {
			value = token(from + i, origin, &used);
			if (!value)
				return false;
			add = strlen(value);
		}
		if (n + add >= sizeof(raw))
			return false;
		memcpy(raw + n, value, add);
		n += add;
		i += used;
	}
	raw[n] = 0;
	return path_tidy(raw, out);
}

// As expand(), for the host.
static bool expand_host(const char *from, size_t len, const char *root, const char *origin,
			const char *guest, char *out)
{
	char entry[PATH_MAX];

	if (len >= sizeof(entry))
		return false;
	snprintf(entry, sizeof(entry), "%.*s", (int)len, from);
	if (strstr(entry, "ORIGIN"))
		return expand(from, len, origin, out);
	return snprintf(out, PATH_MAX, "%s%s", root, guest) < PATH_MAX;
}

int search_each(const char *list, const char *root, const struct search_dir *origin,
		int (*visit)(const struct search_dir *dir, void *arg), void *arg)
{
	char host[PATH_MAX], guest[PATH_MAX];
	const struct search_dir dir = { host, guest };

	for (const char *p = list; *p; p += strcspn(p, ":"), p += *p == ':') {
		size_t n = strcspn(p, ":");
		int end;

		if (!expand(p, n, origin->guest, guest) ||
		    !expand_host(p, n, root, origin->host, guest, host))
			continue;
		end = visit(&dir, arg);
		if (end)
			return end;
	}
	return 0;
}
