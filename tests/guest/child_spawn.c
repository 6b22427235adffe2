// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// posix_spawn: descriptors, group, mask and defaults as asked for.
//
// LINK: static-pie
#include "child.h"
#include <spawn.h>

static int child(void)
{
	char buf[16] = "";
	sigset_t set;
	struct sigaction sa;
	NEED(read(0, buf, 5) == 5);
	say("stdin %s", buf);
	CHECK_ERR(fcntl(20, F_GETFD), EBADF);
	CHECK(getpgrp() == getpid());
	sigprocmask(SIG_BLOCK, NULL, &set);
	CHECK(sigismember(&set, SIGUSR1) && !sigismember(&set, SIGUSR2));
	sigaction(SIGHUP, NULL, &sa);
	CHECK(sa.sa_handler == SIG_DFL);
	return 4;
}

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t at;
	sigset_t set;
	pid_t pid;
	char *args[] = { "x", "child", NULL };
	if (argc > 1)
		return child();
	t_dir();
	t_file("in", "hello");
	NEED(dup2(1, 20) == 20);
	signal(SIGHUP, SIG_IGN);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "in", O_RDONLY, 0);
	posix_spawn_file_actions_addclose(&fa, 20);
	posix_spawnattr_init(&at);
	posix_spawnattr_setflags(&at, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	sigemptyset(&set), sigaddset(&set, SIGUSR1);
	posix_spawnattr_setsigmask(&at, &set);
	sigemptyset(&set), sigaddset(&set, SIGHUP);
	posix_spawnattr_setsigdefault(&at, &set);
	NEED(posix_spawn(&pid, SELF, &fa, &at, args, environ) == 0);
	t_reap("spawned", pid);
	CHECK(fcntl(20, F_GETFD) == 0);
	return 0;
}
