// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the programs with child processes share.
#pragma once
#include "t.h"
#include <sys/prctl.h>
#include <sys/wait.h>

extern char **environ;

#define SELF "/proc/self/exe"

// The child of a fork ends with what body gives.
#define FORK(body) ({ pid_t t_pid = fork(); NEED(t_pid >= 0); if (!t_pid) _exit(body); t_pid; })

static T_UNUSED void t_status(const char *what, int status)
{
	if (WIFEXITED(status))
		say("%s: exited with %d", what, WEXITSTATUS(status));
	else if (WIFSIGNALED(status))
		say("%s: ended by signal %d", what, WTERMSIG(status));
	else
		say("%s: status %x", what, status);
}

// Waits for this child and says how it ended.
static T_UNUSED int t_reap(const char *what, pid_t pid)
{
	int status = 0;
	NEED(waitpid(pid, &status, 0) == pid);
	t_status(what, status);
	return status;
}

static T_UNUSED char t_get(int fd)
{
	char c = 0;
	NEED(read(fd, &c, 1) == 1);
	return c;
}

static T_UNUSED void t_put(int fd, char c) { NEED(write(fd, &c, 1) == 1); }
