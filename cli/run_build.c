// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// `pith run ARCHIVE`: pith build, and then the image, which has no name any more by the time that
// it runs: nothing of it is left when the instance ends, however it ends.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cli/commands.h>
#include <cli/run.h>
#include <host/archive.h>

extern char **environ;

bool run_needs_build(const struct run *r)
{
	return r->program || r->tag || archive_is(r->cfg.image);
}

// pith build -q -o OUT [--program P] [--tag T] [--max-size S] SOURCE [-- ARGUMENTS]
static char **make_argv(const struct run *r, const char *self, const char *out)
{
	size_t count = 0, n = 0;
	const char **argv;

	while (r->cfg.args && r->cfg.args[count])
		count++;
	argv = calloc(count + 14, sizeof(*argv));
	if (!argv)
		return NULL;
	argv[n++] = self;
	argv[n++] = "build";
	argv[n++] = "-q";
	argv[n++] = "-o";
	argv[n++] = out;
	if (r->program) {
		argv[n++] = "--program";
		argv[n++] = r->program;
	}
	if (r->tag) {
		argv[n++] = "--tag";
		argv[n++] = r->tag;
	}
	if (r->max_size) {
		argv[n++] = "--max-size";
		argv[n++] = r->max_size;
	}
	argv[n++] = r->cfg.image;
	if (r->cfg.args) {
		argv[n++] = "--";
		memcpy(argv + n, r->cfg.args, count * sizeof(*argv));
	}
	return (char **)argv;
}

static int build(const struct run *r, const char *out, struct failure *why)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char **argv;
	int err, status;
	pid_t pid;

	self[n > 0 ? n : 0] = 0;
	argv = make_argv(r, self, out);
	if (!argv)
		return failure_errno(why, -ENOMEM, "%.500s", r->cfg.image);
	err = posix_spawn(&pid, self, NULL, NULL, argv, environ);
	free(argv);
	if (err)
		return failure_errno(why, -err, "cannot run pith build");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return failure_errno(why, -errno, "cannot wait for pith build");
	return WIFEXITED(status) && !WEXITSTATUS(status)
		       ? 0
		       : failure_set(why, -EIO, "%.500s could not be made an image", r->cfg.image);
}

// The instance's host name is the image's name, and that comes from its file.
static void name_image(const char *from, char out[64])
{
	char real[PATH_MAX], *name;

	if (!realpath(from, real))
		snprintf(real, sizeof(real), "%s", from);
	name = strrchr(real, '/');
	name = name ? name + 1 : real;
	name[strcspn(name, ".:")] = 0;
	snprintf(out, 64, "%.50s", *name ? name : "image");
}

int run_build(struct run *r)
{
	static char path[32];
	const char *tmp = getenv("TMPDIR");
	char dir[PATH_MAX], file[PATH_MAX + 80], name[64];
	struct failure why;
	int fd = -1, err = 0;

	snprintf(dir, sizeof(dir), "%.2000s/pith-run.XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(dir)) {
		failure_errno(&why, -errno, "cannot make a temporary folder %.500s", dir);
		return cli_fail(&why);
	}
	name_image(r->cfg.image, name);
	snprintf(file, sizeof(file), "%s/%s.pith", dir, name);
	err = build(r, file, &why);
	if (!err) {
		fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			err = failure_errno(&why, -errno, "cannot open %.500s", file);
	}
	unlink(file);
	rmdir(dir);
	if (err)
		return cli_fail(&why);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	r->built_from = r->cfg.image;
	r->cfg.image = path;
	r->cfg.args = NULL;
	return 0;
}
