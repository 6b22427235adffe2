// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// execve by a thread: the others end, and the pid stays.
#include "child.h"

static char *args[] = { "x", NULL, NULL };

static void *sleeper(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void *spinner(void *arg)
{
	for (;;)
		;
	return arg;
}

static void *executor(void *arg)
{
	t_sleep_ms(5);
	execve(SELF, args, environ);
	return arg;
}

int main(int argc, char **argv)
{
	char pid[16];
	if (argc > 1) {
		CHECK(getpid() == atoi(argv[1]));
		CHECK(gettid() == getpid());
		return 0;
	}
	snprintf(pid, sizeof pid, "%d", getpid());
	args[1] = pid;
	t_thread(sleeper, NULL);
	t_thread(spinner, NULL);
	t_thread(executor, NULL);
	pause();
	return 1;
}
