// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Two sources: what the package's own tmpfiles.d(5) and systemd.exec(5) files say; and folders of
// the host below /var and /run that are named like the package, its source, or who runs its
// services.
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <image/package_state.h>
#include <image/search.h>
#include <image/users.h>

struct state {
	struct gather *g;
	const struct package *package;
	struct strings *users;
	struct failure *why;
};

static int add_user(struct strings *users, const char *name)
{
	for (size_t i = 0; i < users->count; i++)
		if (!strcmp(users->at[i], name))
			return 0;
	return strings_add(users, name);
}

static int make(struct state *s, const char *path, mode_t mode, const char *user, const char *group)
{
	char tidy[PATH_MAX];
	uint32_t uid = 0, gid = 0;
	int err;

	if (!path_tidy(path, tidy) || strchr(path, '%'))
		return 0; // one for each instance of a service
	users_find(s->g->root, user, &uid, group, &gid);
	err = gather_dir(s->g, tidy, mode, uid, gid, s->why);
	return err < 0 ? err : 0;
}

// Type, path, mode, user, group, age, argument; "-" for what is usual.
static int take_tmpfile(struct state *s, char *line)
{
	char *rest, *field[5] = { NULL };
	mode_t mode = 0755;

	for (unsigned i = 0; i < 5; i++)
		field[i] = strtok_r(i ? NULL : line, " \t\n", &rest);
	if (!field[1] || strchr("dD", field[0][0]) == NULL || field[1][0] != '/')
		return 0;
	if (field[2] && field[2][0] != '-')
		mode = (mode_t)strtoul(field[2] + strspn(field[2], "~:"), NULL, 8) & 07777;
	return make(s, field[1], mode, field[3], field[4]);
}

struct service {
	char user[64], group[64];
	char dirs[4][256]; // names below places[]
	mode_t modes[4];
};

static const struct {
	const char *key, *place;
} places[4] = { { "RuntimeDirectory", "/run" },
		{ "StateDirectory", "/var/lib" },
		{ "LogsDirectory", "/var/log" },
		{ "CacheDirectory", "/var/cache" } };

static int take_setting(struct service *v, char *line)
{
	char *value = strchr(line, '=');

	if (!value)
		return 0;
	*value++ = 0;
	value[strcspn(value, "\n")] = 0;
	if (!strcmp(line, "User"))
		snprintf(v->user, sizeof(v->user), "%s", value);
	if (!strcmp(line, "Group"))
		snprintf(v->group, sizeof(v->group), "%s", value);
	for (unsigned i = 0; i < 4; i++) {
		size_t n = strlen(places[i].key);

		if (strncmp(line, places[i].key, n))
			continue;
		if (!line[n])
			snprintf(v->dirs[i], sizeof(v->dirs[i]), "%s", value);
		else if (!strcmp(line + n, "Mode"))
			v->modes[i] = (mode_t)strtoul(value, NULL, 8) & 07777;
	}
	return 0;
}

static int finish_service(struct state *s, const struct service *v)
{
	char list[256], path[512], *rest;
	int err = v->user[0] && strcmp(v->user, "root") ? add_user(s->users, v->user) : 0;

	for (unsigned i = 0; i < 4 && !err; i++) {
		snprintf(list, sizeof(list), "%s", v->dirs[i]);
		for (char *name = strtok_r(list, " ", &rest); name && !err;
		     name = strtok_r(NULL, " ", &rest)) {
			snprintf(path, sizeof(path), "%s/%s", places[i].place, name);
			err = make(s, path, v->modes[i] ? v->modes[i] : 0755, v->user, v->group);
		}
	}
	return err;
}

static bool is_in(const char *path, const char *folder, const char *ending)
{
	size_t n = strlen(path), e = strlen(ending);

	if (!strncmp(path, "/usr", 4))
		path += 4, n -= 4;
	return !strncmp(path, folder, strlen(folder)) && n > e && !strcmp(path + n - e, ending);
}

static int read_settings(struct state *s, const char *path)
{
	bool tmpfiles = is_in(path, "/lib/tmpfiles.d/", ".conf");
	struct service v = { .user = "" };
	char host[PATH_MAX], line[1024];
	FILE *f;
	int err = 0;

	if (!tmpfiles && !is_in(path, "/lib/systemd/system/", ".service"))
		return 0;
	snprintf(host, sizeof(host), "%s%s", s->g->root, path);
	f = fopen(host, "re");
	while (f && !err && fgets(line, sizeof(line), f))
		err = tmpfiles ? take_tmpfile(s, line) : take_setting(&v, line);
	if (f)
		fclose(f);
	return err || tmpfiles ? err : finish_service(s, &v);
}

static int add_named(struct state *s, const char *name)
{
	static const char *const above[] = { "/var/lib", "/var/log", "/var/cache", "/var/spool",
					     "/run" };
	char path[PATH_MAX], host[PATH_MAX];
	struct stat st;
	int err = 0;

	for (size_t i = 0; i < sizeof(above) / sizeof(above[0]) && err >= 0; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", above[i], name) >= PATH_MAX ||
		    snprintf(host, sizeof(host), "%s%s", s->g->root, path) >= PATH_MAX ||
		    lstat(host, &st) || !S_ISDIR(st.st_mode))
			continue;
		err = gather_path(s->g, path, FROM_PACKAGE, s->package->name, NULL, s->why);
	}
	return err < 0 ? err : 0;
}

int package_state(struct gather *g, const struct package *p, const struct strings *paths,
		  struct strings *users, struct failure *why)
{
	struct state s = { g, p, users, why };
	int err = add_named(&s, p->name);

	if (!err)
		err = add_named(&s, p->source);
	for (size_t i = 0; i < paths->count && !err; i++)
		err = read_settings(&s, paths->at[i]);
	for (size_t i = 0; i < users->count && !err; i++)
		err = add_named(&s, users->at[i]);
	return err == -ENOMEM ? failure_errno(why, err, "folders of %s", p->name) : err;
}
