// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Programs that depend on their position start themselves: each has its own memory at the same addresses, while they talk in turns.
//
// STATUS: 6
#include "child.h"
#include <spawn.h>

static volatile int mine = 1;

// Answers until its input ends.
static int child(int depth)
{
	char c;
	NEED(mine == 1);
	mine = depth + 100;
	while (read(0, &c, 1) == 1) {
		NEED(mine == depth + 100);
		c++;
		t_put(1, c);
	}
	return depth;
}

static pid_t start(const char *depth, int *in, int *out)
{
	posix_spawn_file_actions_t fa;
	char *args[] = { "x", (char *)depth, NULL };
	int to[2], from[2];
	pid_t pid;
	NEED(pipe2(to, O_CLOEXEC) == 0 && pipe2(from, O_CLOEXEC) == 0);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, to[0], 0);
	posix_spawn_file_actions_adddup2(&fa, from[1], 1);
	NEED(posix_spawn(&pid, SELF, &fa, NULL, args, environ) == 0);
	close(to[0]), close(from[1]);
	*in = to[1], *out = from[0];
	return pid;
}

int main(int argc, char **argv)
{
	int in[3], out[3];
	pid_t pid[2], fork_of_child;
	if (argc > 1)
		return child(atoi(argv[1]));
	mine = 42;
	pid[0] = start("3", &in[0], &out[0]);
	pid[1] = start("4", &in[1], &out[1]);
	for (int i = 0; i < 20; i++) {
		t_put(in[i & 1], (char)i);
		NEED(t_get(out[i & 1]) == i + 1 && mine == 42);
	}
	fork_of_child = FORK(execve(SELF, (char *[]){ "x", "5", NULL }, environ)); // its input is the runner's: at its end
	t_reap("after fork", fork_of_child);
	CHECK(mine == 42);
	for (int i = 0; i < 2; i++) {
		close(in[i]);
		t_reap("spawned", pid[i]);
	}
	CHECK(mine == 42);
	NEED(execve(SELF, (char *[]){ "x", "6", NULL }, environ) == 0);
	return 1;
}
