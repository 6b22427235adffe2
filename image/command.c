// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <image/command.h>

extern char **environ;

static int spawn(char *const argv[], int out, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int err;

	// Signals that the builder puts off (main.c) end the tool at once.
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, out, 2);
	err = posix_spawnp(pid, argv[0], &actions, &attr, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return err;
}

int command_run(char *const argv[], const char *package, struct failure *why)
{
	char said[512] = "";
	int out = memfd_create("output", MFD_CLOEXEC), status, err;
	pid_t pid;
	ssize_t n;

	if (out < 0)
		return failure_errno(why, -errno, "cannot run %s", argv[0]);
	err = spawn(argv, out, &pid);
	if (err == ENOENT) {
		close(out);
		return failure_set(why, -err,
				   "%s is needed and is not installed: apt-get install %s", argv[0],
				   package);
	}
	if (!err && waitpid(pid, &status, 0) < 0)
		err = errno;
	n = err ? 0 : pread(out, said, sizeof(said) - 1, 0);
	close(out);
	if (err)
		return failure_errno(why, -err, "cannot run %s", argv[0]);
	if (n > 0)
		said[n] = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return failure_set(why, -EIO, "%s failed: %s", argv[0],
			   said[0] ? said : "it did not say why");
}
