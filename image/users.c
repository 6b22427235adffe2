// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// passwd(5) and group(5) are read as lines with colons. Only names, numbers, folders and shells go
// into an image: no passwords, and of a group's members those that are accounts there.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <image/users.h>

#define STATIC_IDS 100 // below: the same on every Debian system (Debian policy, 9.2.2)
#define NOBODY 65534

struct account {
	char *line; // owned; cut up into the fields
	char *field[7];
	uint32_t id;
};

struct accounts {
	struct account *at;
	size_t count;
};

static void accounts_free(struct accounts *a)
{
	for (size_t i = 0; i < a->count; i++)
		free(a->at[i].line);
	free(a->at);
}

static int add_line(struct accounts *a, const char *line, unsigned fields)
{
	struct account *more, one = { .line = strdup(line) };
	char *rest = one.line, *end;

	if (!one.line)
		return -ENOMEM;
	for (unsigned i = 0; i < fields; i++)
		one.field[i] = rest ? strsep(&rest, ":") : NULL;
	if (!one.field[fields - 1] || rest || !*one.field[0]) {
		free(one.line);
		return 0;
	}
	one.id = (uint32_t)strtoul(one.field[2], &end, 10);
	more = *end || end == one.field[2] ? NULL : realloc(a->at, (a->count + 1) * sizeof(*more));
	if (!more) {
		free(one.line);
		return *end || end == one.field[2] ? 0 : -ENOMEM;
	}
	a->at = more;
	more[a->count++] = one;
	return 0;
}

// A file that is not there has nobody.
static int accounts_read(struct accounts *a, const char *root, const char *name, unsigned fields)
{
	char path[PATH_MAX], line[4096];
	FILE *f;
	int err = 0;

	snprintf(path, sizeof(path), "%s/etc/%s", root, name);
	f = fopen(path, "re");
	while (f && !err && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		err = add_line(a, line, fields);
	}
	if (f)
		fclose(f);
	return err;
}

static const struct account *by_name(const struct accounts *a, const char *name)
{
	for (size_t i = 0; i < a->count; i++)
		if (!strcmp(a->at[i].field[0], name))
			return &a->at[i];
	return NULL;
}

static bool is_named(const char *name)
{
	return name && *name && strcmp(name, "-");
}

void users_find(const char *root, const char *user, uint32_t *uid, const char *group, uint32_t *gid)
{
	struct accounts users = { 0 }, groups = { 0 };
	const struct account *u = NULL, *g = NULL;

	if (is_named(user) && !accounts_read(&users, root, "passwd", 7))
		u = by_name(&users, user);
	if (is_named(group) && !accounts_read(&groups, root, "group", 4))
		g = by_name(&groups, group);
	if (u)
		*uid = u->id;
	if (g)
		*gid = g->id;
	else if (u && (!group || !*group))
		*gid = (uint32_t)strtoul(u->field[3], NULL, 10);
	accounts_free(&users);
	accounts_free(&groups);
}

struct owners {
	uint32_t *uids, *gids;
	size_t count, room;
};

static int note_owner(const char *path, struct node *n, void *arg)
{
	struct owners *o = arg;

	if (!n->attr.uid && !n->attr.gid)
		return 0;
	for (size_t i = 0; i < o->count; i++)
		if (o->uids[i] == n->attr.uid && o->gids[i] == n->attr.gid)
			return 0;
	if (o->count == o->room) {
		size_t room = o->room * 2 + 16;
		uint32_t *u = realloc(o->uids, room * sizeof(*u)), *g;

		if (u)
			o->uids = u;
		g = realloc(o->gids, room * sizeof(*g));
		if (g)
			o->gids = g;
		if (!u || !g)
			return -ENOMEM;
		o->room = room;
	}
	o->uids[o->count] = n->attr.uid;
	o->gids[o->count++] = n->attr.gid;
	return 0;
}

static bool has_id(const uint32_t *ids, size_t count, uint32_t id)
{
	for (size_t i = 0; i < count; i++)
		if (ids[i] == id)
			return true;
	return false;
}

static bool has_name(const struct strings *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++)
		if (!strcmp(names->at[i], name))
			return true;
	return false;
}

struct making {
	const struct owners *owners;
	const struct strings *names;
	struct strings users; // in the image
	struct owners groups; // of those
	FILE *out;
};

static int by_id(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? -1 : 1;
	return strcmp(x->field[0], y->field[0]);
}

static int write_user(struct making *m, const struct account *a)
{
	const struct node owner = { .attr = { .uid = a->id,
					      .gid = (uint32_t)strtoul(a->field[3], NULL, 10) } };

	if (a->id >= STATIC_IDS && a->id != NOBODY && !has_name(m->names, a->field[0]) &&
	    !has_id(m->owners->uids, m->owners->count, a->id))
		return 0;
	fprintf(m->out, "%s:x:%u:%s::%s:%s\n", a->field[0], a->id, a->field[3], a->field[5],
		a->field[6]);
	return strings_add(&m->users, a->field[0]) ? -ENOMEM
						    : note_owner(NULL, (struct node *)&owner,
								 &m->groups);
}

static int write_group(struct making *m, const struct account *a)
{
	const char *between = "";
	char *rest = a->field[3], *member;

	if (a->id >= STATIC_IDS && a->id != NOBODY && !has_name(m->names, a->field[0]) &&
	    !has_id(m->owners->gids, m->owners->count, a->id) &&
	    !has_id(m->groups.gids, m->groups.count, a->id))
		return 0;
	fprintf(m->out, "%s:x:%u:", a->field[0], a->id);
	while ((member = strsep(&rest, ","))) {
		if (!*member || !has_name(&m->users, member))
			continue;
		fprintf(m->out, "%s%s", between, member);
		between = ",";
	}
	fputc('\n', m->out);
	return 0;
}

// `usual` stands in where the host has no such file.
static int put_file(struct gather *g, struct making *m, const char *name, unsigned fields,
		    int (*write)(struct making *, const struct account *), const char *usual,
		    struct failure *why)
{
	struct accounts a = { 0 };
	char *text = NULL, path[32];
	size_t len = 0;
	int err = accounts_read(&a, g->root, name, fields);

	m->out = open_memstream(&text, &len);
	if (!m->out)
		err = -ENOMEM;
	if (a.count && !err)
		qsort(a.at, a.count, sizeof(*a.at), by_id);
	for (size_t i = 0; i < a.count && !err; i++)
		err = write(m, &a.at[i]);
	if (m->out && fclose(m->out) && !err)
		err = -ENOMEM;
	snprintf(path, sizeof(path), "/etc/%s", name);
	if (!err)
		err = gather_text(g, path, len ? text : usual, len ? len : strlen(usual), 0644, why);
	else
		failure_errno(why, err, "%s", path);
	free(text);
	accounts_free(&a);
	return err < 0 ? err : 0;
}

int users_put(struct gather *g, const struct strings *names, struct failure *why)
{
	struct owners owners = { 0 };
	struct making m = { .owners = &owners, .names = names };
	int err = gather_each(g, note_owner, &owners);

	if (err)
		failure_errno(why, err, "/etc/passwd");
	if (!err)
		err = put_file(g, &m, "passwd", 7, write_user,
			       "root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n",
			       why);
	if (!err)
		err = put_file(g, &m, "group", 4, write_group, "root:x:0:\nnogroup:x:65534:\n",
			       why);
	strings_free(&m.users);
	free(owners.uids);
	free(owners.gids);
	free(m.groups.uids);
	free(m.groups.gids);
	return err;
}
