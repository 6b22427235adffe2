// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Files fall into groups: those of a package or of one option of the user's, by their reason; each
// library is a group of its own.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/report_files.h>

#define LIBRARIES_SHOWN 15

struct group {
	enum from from;
	const char *why; // the tree's: equal reasons are one string
	char *path;      // of the first file
	uint64_t bytes;
	unsigned files;
};

struct groups {
	struct group *at;
	size_t count;
};

static bool is_library(enum from from)
{
	return from == FROM_LIBRARY || from == FROM_OPENED;
}

static struct group *find(struct groups *s, const struct node *n)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->at[i].from == n->note.from && s->at[i].why == n->note.why)
			return &s->at[i];
	return NULL;
}

static int add(const char *path, struct node *n, void *arg)
{
	struct groups *s = arg;
	struct group *g, *more;

	if (!S_ISREG(n->attr.mode))
		return 0;
	g = is_library(n->note.from) ? NULL : find(s, n);
	if (!g) {
		more = realloc(s->at, (s->count + 1) * sizeof(*more));
		if (!more)
			return -1;
		s->at = more;
		g = &more[s->count++];
		*g = (struct group){ n->note.from, n->note.why, strdup(path), 0, 0 };
	}
	g->bytes += n->size;
	g->files++;
	return 0;
}

// The program; libraries by size; packages and folders by size; what was made.
static int by_rank(const void *a, const void *b)
{
	static const unsigned char rank[FROM_COUNT] = { [FROM_PROGRAM] = 0, [FROM_LIBRARY] = 1,
							[FROM_OPENED] = 1,  [FROM_PACKAGE] = 2,
							[FROM_USER] = 3,    [FROM_BUILDER] = 4,
							[FROM_NOWHERE] = 5 };
	const struct group *x = a, *y = b;

	if (rank[x->from] != rank[y->from])
		return rank[x->from] - rank[y->from];
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->path ? x->path : "", y->path ? y->path : "");
}

static void say(const struct group *g)
{
	const char *path = g->path ? g->path : "", *s = g->files == 1 ? "" : "s";

	printf("  %12llu  ", (unsigned long long)g->bytes);
	switch (g->from) {
	case FROM_PROGRAM:
		printf("%s  %s\n", path, g->files > 1 ? "the program, and the script" : "the program");
		break;
	case FROM_LIBRARY:
		if (g->why)
			printf("%s  needed by %s\n", path, g->why);
		else
			printf("%s  named with --lib, or opened by the C library\n", path);
		break;
	case FROM_OPENED: printf("%s  named in %s\n", path, g->why); break;
	case FROM_PACKAGE: printf("%u file%s of the package %s\n", g->files, s, g->why); break;
	case FROM_USER: printf("%u file%s given as %s\n", g->files, s, g->why); break;
	default: printf("%u file%s that programs expect, in /etc and the like\n", g->files, s); break;
	}
}

void report_files_text(const struct gather *g)
{
	struct groups s = { 0 };
	struct group rest = { 0 };
	unsigned libraries = 0;

	gather_each(g, add, &s);
	if (s.count)
		qsort(s.at, s.count, sizeof(*s.at), by_rank);
	for (size_t i = 0; i < s.count; i++) {
		if (is_library(s.at[i].from) && ++libraries > LIBRARIES_SHOWN) {
			rest.bytes += s.at[i].bytes;
			rest.files++;
		} else {
			if (rest.files && !is_library(s.at[i].from)) {
				printf("  %12llu  %u more libraries (--json lists them)\n",
				       (unsigned long long)rest.bytes, rest.files);
				rest.files = 0;
			}
			say(&s.at[i]);
		}
	}
	for (size_t i = 0; i < g->notes.count; i++)
		printf("  Note: %s\n", g->notes.at[i]);
	for (size_t i = 0; i < s.count; i++)
		free(s.at[i].path);
	free(s.at);
}

static int add_json(const char *path, struct node *n, void *arg)
{
	static const char *const names[FROM_COUNT] = {
		[FROM_NOWHERE] = "image",     [FROM_USER] = "user",	  [FROM_PROGRAM] = "program",
		[FROM_LIBRARY] = "library", [FROM_OPENED] = "opened",   [FROM_PACKAGE] = "package", [FROM_BUILDER] = "pith"
	};
	cJSON *o;

	if (S_ISDIR(n->attr.mode))
		return 0;
	o = cJSON_CreateObject();
	cJSON_AddStringToObject(o, "path", path);
	cJSON_AddNumberToObject(o, "bytes", (double)n->size);
	cJSON_AddStringToObject(o, "from", names[n->note.from]);
	if (n->note.why)
		cJSON_AddStringToObject(o, "why", n->note.why);
	if (S_ISLNK(n->attr.mode))
		cJSON_AddStringToObject(o, "link", n->content.bytes);
	cJSON_AddItemToArray(arg, o);
	return 0;
}

cJSON *report_files_json(const struct gather *g)
{
	cJSON *list = cJSON_CreateArray();

	gather_each(g, add_json, list);
	return list;
}
