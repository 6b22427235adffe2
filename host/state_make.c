// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Instances as their monitor makes them, and their removal.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <host/state_priv.h>

#define TRIES 100
#define EXIT_MAX 1100 // of the file exit

static const char *const files[] = { "lock", "state.json", "state.new",
				     "exit", "log",	   "control.sock" };

static const char *const first_word[] = {
	"amber", "brave", "brisk",  "calm",  "clear",  "copper", "crisp", "deep",
	"early", "fair",  "fleet",  "fresh", "gentle", "golden", "green", "keen",
	"light", "lucid", "merry",  "mild",  "noble",  "plain",	 "proud", "quick",
	"quiet", "rapid", "silver", "snug",  "solid",  "swift",	 "tidy",  "warm",
};
static const char *const second_word[] = {
	"acorn",  "alder", "aspen",  "beech", "birch", "cedar",	 "clover",  "elder",
	"elm",	  "fern",  "fig",    "hazel", "heath", "ivy",	 "juniper", "larch",
	"laurel", "lilac", "linden", "maple", "moss",  "oak",	 "olive",   "pear",
	"pine",	  "plum",  "reed",   "rowan", "sage",  "spruce", "thyme",   "willow",
};

static void make_up(char name[STATE_NAME_MAX + 1])
{
	uint16_t dice[2] = { 0, 0 };

	if (getrandom(dice, sizeof(dice), 0) < 0)
		dice[0] = (uint16_t)getpid();
	snprintf(name, STATE_NAME_MAX + 1, "%s-%s", first_word[dice[0] % 32],
		 second_word[dice[1] % 32]);
}

static int name_taken(const char *name, struct failure *why)
{
	struct instance other;
	struct instance_info info;

	if (instance_open(&other, name, why))
		return -EEXIST;
	instance_look(&other, &info);
	if (info.state == INSTANCE_RUNNING)
		failure_set(why, 0, "the name %s is in use: an instance of this name is running; "
			    "`pith stop %s` ends it", name, name);
	else
		failure_set(why, 0, "the name %s is in use: an instance of this name has ended; "
			    "`pith rm %s` removes it", name, name);
	instance_info_free(&info);
	instance_close(&other);
	return -EEXIST;
}

static int make_folder(struct instance *in, const char *name, struct failure *why)
{
	char made_up[STATE_NAME_MAX + 1];
	int r;

	for (int i = 0; i < TRIES; i++) {
		if (!name)
			make_up(made_up);
		r = instance_paths(in, name ? name : made_up, why);
		if (r || !mkdir(in->dir, 0700)) {
			if (!r)
				state_share(in->dir);
			return r;
		}
		if (errno != EEXIST)
			return failure_errno(why, -errno, "cannot make %s", in->dir);
		if (name)
			return name_taken(name, why);
	}
	return failure_set(why, -EEXIST, "found no free name; give one with --name");
}

// Room for the exit status, so that a log that fills the disk does not make an instance that has
// ended look like a dead one.
static bool reserve(int exit_fd)
{
	return !fallocate(exit_fd, FALLOC_FL_KEEP_SIZE, 0, EXIT_MAX) || errno != ENOSPC;
}

int instance_create(struct instance *in, const char *name, struct failure *why)
{
	int r = make_folder(in, name, why);

	if (r)
		return r;
	in->dir_fd = open(in->dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (in->dir_fd >= 0)
		in->all_fd = openat(in->dir_fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (in->all_fd >= 0)
		in->lock_fd =
			openat(in->dir_fd, "lock", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (in->lock_fd >= 0)
		in->exit_fd =
			openat(in->dir_fd, "exit", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (in->exit_fd >= 0 && reserve(in->exit_fd) && !flock(in->lock_fd, LOCK_EX | LOCK_NB))
		return 0;
	r = failure_errno(why, -errno, "cannot write to %s", in->dir);
	instance_remove(in);
	return r;
}

int instance_write(struct instance *in, const cJSON *state, struct failure *why)
{
	char *text = cJSON_Print(state);
	int fd, r = 0;
	size_t n;

	if (!text)
		return failure_errno(why, -ENOMEM, "%s/state.json", in->dir);
	n = strlen(text);
	fd = openat(in->dir_fd, "state.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	errno = 0;
	if (fd < 0 || write(fd, text, n) != (ssize_t)n ||
	    renameat(in->dir_fd, "state.new", in->dir_fd, "state.json"))
		r = failure_errno(why, errno ? -errno : -ENOSPC, "cannot write %s/state.json",
				  in->dir);
	if (fd >= 0)
		close(fd);
	free(text);
	return r;
}

static void write_exit(struct instance *in, int status, const char *message)
{
	char text[EXIT_MAX];
	int n = snprintf(text, sizeof(text), "%d%s%s\n", status, message[0] ? " " : "", message);

	if (write(in->exit_fd, text, (size_t)n) < 0)
		fprintf(stderr, "pith: cannot write %s/exit: %s\n", in->dir, strerror(errno));
}

void instance_end(struct instance *in, int status, const char *message)
{
	write_exit(in, status, message);
	instance_close(in);
}

void instance_killed(struct instance *in)
{
	if (in->exit_fd < 0)
		in->exit_fd = openat(in->dir_fd, "exit", O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
	if (in->exit_fd >= 0)
		write_exit(in, 128 + SIGKILL, "");
}

void instance_remove(struct instance *in)
{
	for (unsigned i = 0; i < sizeof(files) / sizeof(files[0]) && in->dir_fd >= 0; i++)
		unlinkat(in->dir_fd, files[i], 0);
	if (in->all_fd >= 0)
		unlinkat(in->all_fd, in->name, AT_REMOVEDIR);
	else
		rmdir(in->dir);
	instance_close(in);
}
