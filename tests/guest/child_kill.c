// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signals between processes: by pid, by group, and what the sender is.
#include "child.h"

static int fd;

static void tell(int sig, siginfo_t *si, void *context)
{
	(void)context;
	char c = si->si_pid == getppid() && si->si_code == SI_USER ? (char)sig : 0;
	if (write(fd, &c, 1) != 1)
		_exit(1);
}

static void child(int own_group)
{
	t_catch_info(SIGUSR1, tell, 0);
	if (own_group)
		setpgid(0, 0);
	t_put(fd, 'r');
	for (;;)
		pause();
}

int main(void)
{
	int p[2];
	NEED(pipe(p) == 0);
	fd = p[1];
	pid_t a = FORK((child(1), 0)), b;
	CHECK(t_get(p[0]) == 'r');
	b = FORK((child(0), 0));
	CHECK(t_get(p[0]) == 'r');
	CHECK(kill(a, SIGUSR1) == 0);
	CHECK(t_get(p[0]) == SIGUSR1);
	CHECK(kill(-a, SIGUSR1) == 0);
	CHECK(t_get(p[0]) == SIGUSR1);
	CHECK(setpgid(b, a) == 0);
	CHECK(getpgid(b) == a);
	CHECK(killpg(a, SIGUSR1) == 0);
	CHECK(t_get(p[0]) == SIGUSR1);
	CHECK(t_get(p[0]) == SIGUSR1);
	killpg(a, SIGKILL);
	t_reap("a", a);
	t_reap("b", b);
	CHECK_ERR(killpg(a, 0), ESRCH);
	return 0;
}
