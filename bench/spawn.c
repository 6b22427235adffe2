// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// spawn PROGRAM [ARGUMENT...]: runs a program with its output in a pipe, and prints nanoseconds from before the spawn to the first
// byte of its output and to its end, and its status. Small and static itself, so that what is measured is the program.
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t actions;
	uint64_t start, first = 0, end;
	int out[2], status;
	char buf[4096];
	pid_t pid;

	if (argc < 2 || pipe2(out, O_CLOEXEC))
		return 2;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	start = now();
	if (posix_spawnp(&pid, argv[1], &actions, NULL, argv + 1, environ))
		return 2;
	close(out[1]);
	while (read(out[0], buf, sizeof(buf)) > 0)
		if (!first)
			first = now();
	if (waitpid(pid, &status, 0) < 0)
		return 2;
	end = now();
	printf("%llu %llu %d\n", first ? (unsigned long long)(first - start) : 0, (unsigned long long)(end - start),
	       WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	return 0;
}
