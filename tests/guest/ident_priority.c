// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Niceness, I/O priority, policies and timer slack: kept for each thread, inherited by new ones.
// LIBC: glibc
#include "t.h"
#include <sys/prctl.h>

static void *body(void *arg)
{
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(syscall(SYS_ioprio_get, 1, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, 7));
	SHOW(getpriority(PRIO_PROCESS, 0));
	return NULL;
}

int main(void)
{
	struct sched_param p = { 0 };

	SHOW(setpriority(PRIO_PROCESS, 0, 3));
	SHOW(getpriority(PRIO_PROCESS, getpid()));
	SHOW(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 5));
	SHOW(syscall(SYS_ioprio_get, 1, 0));
	t_join(t_thread(body, NULL));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(getpriority(PRIO_PGRP, 0));
	SHOW(setpriority(PRIO_PROCESS, 0, 100));
	SHOW(getpriority(PRIO_PROCESS, 0));
	SHOW(sched_setscheduler(0, SCHED_BATCH, &p));
	SHOW(sched_getscheduler(0));
	SHOW(sched_setparam(0, &p));
	SHOW(sched_getscheduler(0));
	SHOW(prctl(PR_SET_TIMERSLACK, 70000));
	SHOW(prctl(PR_GET_TIMERSLACK));
	return 0;
}
