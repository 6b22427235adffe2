// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// passwd(5): name:password:uid:gid:gecos:home:shell. group(5): name:password:gid:members.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/account.h>

#define FILE_MAX (1u << 20)
#define FIELDS 7

static bool number(const char *text, uint32_t *out)
{
	unsigned long long n = 0;
	const char *p = text;

	for (; *p >= '0' && *p <= '9' && n <= UINT32_MAX; p++)
		n = n * 10 + (unsigned)(*p - '0');
	if (p == text || *p || n >= UINT32_MAX) // the highest means "none" to Linux
		return false;
	*out = (uint32_t)n;
	return true;
}

// The file as text, owned; NULL: there is none that can be read.
static char *read_text(const struct tree *t, const char *path)
{
	struct failure ignored;
	struct node *n;
	char *text;
	int fd;

	if (tree_find(t, path, true, &n, &ignored) || !S_ISREG(n->attr.mode) ||
	    n->size > FILE_MAX || node_open(n, &fd, &ignored))
		return NULL;
	text = calloc(1, n->size + 1);
	if (text && node_read(n, fd, text, n->size, 0, &ignored)) {
		free(text);
		text = NULL;
	}
	node_close(n, fd);
	return text;
}

// Finds the line whose field 0 is `key`, or whose field 2 is the number `key`. The fields point
// into the text, which is cut to pieces.
static bool find_line(char *text, const char *key, char *field[FIELDS])
{
	uint32_t wanted, got;
	bool by_number = number(key, &wanted);
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n"))) {
		for (int i = 0; i < FIELDS; i++)
			field[i] = line ? strsep(&line, ":") : (char *)"";
		if (by_number ? number(field[2], &got) && got == wanted : !strcmp(field[0], key))
			return true;
	}
	return false;
}

static int find_user(struct account *a, const struct tree *t, const char *name, struct failure *why)
{
	char *text = read_text(t, "/etc/passwd"), *field[FIELDS];
	bool is_number = number(name, &a->uid);
	int err = 0;

	if (text && find_line(text, name, field)) {
		if (!number(field[2], &a->uid) || !number(field[3], &a->gid))
			err = failure_set(
				why, -EINVAL,
				"the image runs as %.100s, whose line in its /etc/passwd is "
				"broken",
				name);
		snprintf(a->home, sizeof(a->home), "%s", field[5]);
	} else if (!is_number) {
		err = failure_set(why, -ENOENT,
				  "the image runs as %.100s, who is not in its /etc/passwd", name);
	}
	free(text);
	return err;
}

static int find_group(struct account *a, const struct tree *t, const char *name,
		      struct failure *why)
{
	char *text, *field[FIELDS];
	int err = 0;

	if (number(name, &a->gid))
		return 0;
	text = read_text(t, "/etc/group");
	if (!text || !find_line(text, name, field) || !number(field[2], &a->gid))
		err = failure_set(
			why, -ENOENT,
			"the image runs in the group %.100s, which is not in its /etc/group", name);
	free(text);
	return err;
}

int account_find(struct account *a, const struct tree *t, const char *text, struct failure *why)
{
	const char *colon = strchr(text, ':');
	char user[256];
	int err = 0;

	memset(a, 0, sizeof(*a));
	if (snprintf(user, sizeof(user), "%.*s", (int)(colon ? colon - text : (long)strlen(text)),
		     text) >= (int)sizeof(user))
		return failure_set(why, -EINVAL, "%.100s... is not a user", text);
	err = find_user(a, t, *user ? user : "0", why);
	return err || !colon || !colon[1] ? err : find_group(a, t, colon + 1, why);
}
