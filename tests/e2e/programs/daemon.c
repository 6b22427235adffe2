// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A daemon: its first process ends, a fork of it goes on. With an argument the first ends with that status.
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	pid_t pid = fork();

	if (pid)
		_exit(argc > 1 ? atoi(argv[1]) : 0);
	setsid();
	usleep(50000);
	if (write(1, "daemon\n", 7) != 7)
		return 1;
	return 6;
}
