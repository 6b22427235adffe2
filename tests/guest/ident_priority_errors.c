// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Priorities of what is not there, and values that are none.
// ERROR: yes
// LIBC: glibc
#include "t.h"

int main(void)
{
	struct sched_param p = { 0 }, one = { 1 };

	CHECK_ERR(getpriority(3, 0), EINVAL);
	CHECK_ERR(getpriority(PRIO_PROCESS, 0x3ffffff0), ESRCH);
	CHECK_ERR(setpriority(-1, 0, 0), EINVAL);
	CHECK_ERR(setpriority(PRIO_PROCESS, 0x3ffffff0, 1), ESRCH);
	CHECK_ERR(syscall(SYS_ioprio_get, 0, 0), EINVAL);
	CHECK_ERR(syscall(SYS_ioprio_get, 1, 0x3ffffff0), ESRCH);
	CHECK_ERR(syscall(SYS_ioprio_set, 1, 0, 4 << 13), EINVAL);
	CHECK_ERR(syscall(SYS_ioprio_set, 1, 0, 3), EINVAL);
	CHECK_ERR(sched_setscheduler(0, 77, &p), EINVAL);
	CHECK_ERR(sched_setscheduler(0, SCHED_OTHER, &one), EINVAL);
	CHECK_ERR(sched_setscheduler(0, SCHED_OTHER, NULL), EINVAL);
	CHECK_ERR(sched_setscheduler(-1, SCHED_OTHER, &p), EINVAL);
	CHECK_ERR(sched_setscheduler(0x3ffffff0, SCHED_OTHER, &p), ESRCH);
	CHECK_ERR(syscall(SYS_sched_getattr, 0, BAD_PTR, 8, 0), EINVAL);
	CHECK_ERR(syscall(SYS_sched_setattr, 0, NULL, 0), EINVAL);
	return 0;
}
