// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A thread's directory in /proc/self/task is not endless: it has no threads of its own.
// ERROR: yes
#include <dirent.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "t.h"

int main(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/task/%ld/comm", syscall(SYS_gettid));
	CHECK(access(path, R_OK) == 0);
	snprintf(path, sizeof(path), "/proc/self/task/%ld/task", syscall(SYS_gettid));
	CHECK_ERR(access(path, R_OK), ENOENT);
	CHECK_ERR(access("/proc/self/task/0", R_OK), ENOENT);
	CHECK_ERR(access("/proc/self/task/x", R_OK), ENOENT);
	return 0;
}
