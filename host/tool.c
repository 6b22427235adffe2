// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See tool.h. What a tool says goes into a memory file, so that no pipe has to be read meanwhile.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <host/tool.h>

extern char **environ;

static int spawn(const char *const argv[], int out, int said, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	int err;

	// Signals that builds and exports put off end the tool at once.
	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	posix_spawn_file_actions_adddup2(&actions, said, 2);
	err = posix_spawnp(pid, argv[0], &actions, &attr, (char *const *)argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return err;
}

int tool_run(const char *const argv[], const char *package, int out, struct failure *why)
{
	int said = memfd_create("said", MFD_CLOEXEC), status = 0, err;
	char text[512] = "";
	pid_t pid;
	ssize_t n;

	if (said < 0)
		return failure_errno(why, -errno, "cannot run %s", argv[0]);
	err = spawn(argv, out >= 0 ? out : said, said, &pid);
	while (!err && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			err = errno;
	n = err ? 0 : pread(said, text, sizeof(text) - 1, 0);
	close(said);
	if (err == ENOENT)
		return failure_set(why, -err,
				   "%s is needed and is not installed: apt-get install %s", argv[0],
				   package);
	if (err)
		return failure_errno(why, -err, "cannot run %s", argv[0]);
	while (n > 0 && text[n - 1] == '\n')
		text[--n] = 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return failure_set(why, -EIO, "%s failed: %s", argv[0],
			   n > 0 ? text : "it did not say why");
}
