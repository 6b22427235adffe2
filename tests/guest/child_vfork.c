// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// vfork: the parent stands still, and sees what the child wrote.
//
// LINK: static-pie
#include "child.h"

static volatile int seen;

int main(int argc, char **argv)
{
	char *args[] = { "x", "again", NULL };
	if (argc > 1)
		return 6;
	pid_t pid = vfork();
	if (!pid) {
		seen = 1;
		_exit(3);
	}
	CHECK(seen == 1);
	t_reap("exit", pid);
	pid = vfork();
	if (!pid) {
		seen = 2;
		execve(SELF, args, environ);
		_exit(1);
	}
	CHECK(seen == 2);
	t_reap("exec", pid);
	pid = vfork();
	if (!pid) {
		execve("/none", args, environ);
		seen = errno;
		_exit(127);
	}
	CHECK(seen == ENOENT);
	t_reap("no exec", pid);
	return 0;
}
