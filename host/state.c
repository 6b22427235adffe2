// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Instances that exist: finding them and reading what they left (host/state_make.c makes them).
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <host/state.h>
#include <host/state_priv.h>

#define FILE_MAX 65536

static bool own_folder(const char *path)
{
	struct stat st;

	return !lstat(path, &st) && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	       !(st.st_mode & 077);
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

int state_root(char path[STATE_PATH_MAX], struct failure *why)
{
	const char *xdg = getenv("XDG_RUNTIME_DIR");
	char run[64];

	snprintf(run, sizeof(run), "/run/user/%u", geteuid());
	if (xdg && xdg[0] == '/' && strlen(xdg) < STATE_PATH_MAX - STATE_NAME_MAX - 64)
		snprintf(path, STATE_PATH_MAX, "%s/pith", xdg);
	else if (is_folder(run))
		snprintf(path, STATE_PATH_MAX, "%s/pith", run);
	else
		snprintf(path, STATE_PATH_MAX, "/tmp/pith-%u", geteuid());
	if (mkdir(path, 0700) && errno != EEXIST)
		return failure_errno(why, -errno, "cannot make the state directory %s", path);
	if (!own_folder(path))
		return failure_set(
			why, -EPERM,
			"the state directory %s must be a folder of your own that nobody else can "
			"open (mode 0700)",
			path);
	return 0;
}

// Where the user is root: see state.h. Where it fails (a container without that group, or without
// the right to change to it) monitors cannot drop root either, and go on as its owner.
void state_share(const char *path)
{
	struct stat st;

	if (geteuid() || lstat(path, &st) || st.st_gid == STATE_NOBODY)
		return;
	if (!lchown(path, 0, STATE_NOBODY))
		chmod(path, 0770);
}

// The folder of all instances. path as that of the state directory.
static int instances_root(char path[STATE_PATH_MAX], struct failure *why)
{
	int r = state_root(path, why);

	if (r)
		return r;
	if (strlen(path) + sizeof("/instances") > STATE_PATH_MAX)
		return failure_errno(why, -ENAMETOOLONG, "%s", path);
	strcat(path, "/instances");
	if (mkdir(path, 0700) && errno != EEXIST)
		return failure_errno(why, -errno, "cannot make %s", path);
	state_share(path);
	return 0;
}

bool instance_name_ok(const char *name)
{
	if (!isalnum((unsigned char)name[0]) || strlen(name) > STATE_NAME_MAX)
		return false;
	for (; *name; name++) {
		if (!isalnum((unsigned char)*name) && !strchr("-_.", *name))
			return false;
	}
	return true;
}

int instance_paths(struct instance *in, const char *name, struct failure *why)
{
	char root[STATE_PATH_MAX];
	int r;

	memset(in, 0, sizeof(*in));
	in->all_fd = in->dir_fd = in->lock_fd = in->exit_fd = -1;
	if (!instance_name_ok(name))
		return failure_set(
			why, -EINVAL,
			"\"%s\" is no name for an instance: letters, digits and . - _ only, "
			"at most %d, a letter or digit first",
			name, STATE_NAME_MAX);
	r = instances_root(root, why);
	if (r)
		return r;
	strcpy(in->name, name);
	if (snprintf(in->dir, sizeof(in->dir), "%s/%s", root, name) >= (int)sizeof(in->dir))
		return failure_errno(why, -ENAMETOOLONG, "%s", root);
	return 0;
}

int instance_open(struct instance *in, const char *name, struct failure *why)
{
	int r = instance_paths(in, name, why);

	if (r)
		return r;
	in->dir_fd = open(in->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (in->dir_fd >= 0)
		return 0;
	if (errno == ENOENT)
		return failure_set(why, -ENOENT, "no instance is named %s; `pith ps` lists them",
				   name);
	return failure_errno(why, -errno, "cannot open %s", in->dir);
}

void instance_close(struct instance *in)
{
	int *fds[] = { &in->all_fd, &in->dir_fd, &in->lock_fd, &in->exit_fd };

	for (unsigned i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (*fds[i] >= 0)
			close(*fds[i]);
		*fds[i] = -1;
	}
}

// Gives the length, or -1. Always terminated.
static ssize_t read_file(int dir_fd, const char *name, char *buf, size_t size)
{
	int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	buf[0] = 0;
	if (fd < 0)
		return -1;
	n = read(fd, buf, size - 1);
	close(fd);
	buf[n > 0 ? n : 0] = 0;
	return n;
}

static bool alive(struct instance *in)
{
	int fd = openat(in->dir_fd, "lock", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	bool held;

	if (fd < 0)
		return false;
	held = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	close(fd);
	return held;
}

int instance_look(struct instance *in, struct instance_info *info)
{
	char *text = malloc(FILE_MAX), *end;

	memset(info, 0, sizeof(*info));
	if (!text)
		return -ENOMEM;
	info->state = alive(in) ? INSTANCE_RUNNING : INSTANCE_DEAD;
	if (info->state == INSTANCE_DEAD && read_file(in->dir_fd, "exit", text, FILE_MAX) > 0) {
		info->state = INSTANCE_EXITED;
		info->status = (int)strtol(text, &end, 10);
		end += *end == ' ';
		snprintf(info->message, sizeof(info->message), "%.*s", (int)strcspn(end, "\n"),
			 end);
	}
	if (read_file(in->dir_fd, "state.json", text, FILE_MAX) > 0)
		info->json = cJSON_Parse(text);
	free(text);
	return 0;
}

void instance_info_free(struct instance_info *info)
{
	cJSON_Delete(info->json);
	info->json = NULL;
}

pid_t instance_pid(const struct instance_info *info)
{
	const cJSON *pid = cJSON_GetObjectItem(info->json, "pid");

	return cJSON_IsNumber(pid) && pid->valueint > 1 ? pid->valueint : 0;
}

static int is_instance(const struct dirent *e)
{
	return instance_name_ok(e->d_name) && (e->d_type == DT_DIR || e->d_type == DT_UNKNOWN);
}

int instances_each(int (*f)(struct instance *in, void *arg), void *arg, struct failure *why)
{
	char root[STATE_PATH_MAX];
	struct dirent **list;
	struct instance in;
	int n, r = instances_root(root, why);

	if (r)
		return r;
	n = scandir(root, &list, is_instance, alphasort);
	if (n < 0)
		return failure_errno(why, -errno, "cannot read %s", root);
	for (int i = 0; i < n; i++) {
		struct failure gone;

		if (!r && !instance_open(&in, list[i]->d_name, &gone)) {
			r = f(&in, arg);
			instance_close(&in);
		}
		free(list[i]);
	}
	free(list);
	return r;
}
