// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Process identity: pid, parent, groups and sessions. One program, whose parent is the outside.
#include <asm-generic/errno.h>

#include <linux/process.h>
#include <linux/syscall.h>

long sys_getpid(void)
{
	return current_process()->pid;
}

long sys_getppid(void)
{
	return current_process()->ppid;
}

// 0 and the program's own id name it; there is no other process.
static struct process *by_pid(int pid)
{
	struct process *p = current_process();

	return !pid || pid == p->pid ? p : NULL;
}

long sys_getpgrp(void)
{
	return current_process()->pgid;
}

long sys_getpgid(int pid)
{
	struct process *p = by_pid(pid);

	return p ? p->pgid : -ESRCH;
}

long sys_getsid(int pid)
{
	struct process *p = by_pid(pid);

	return p ? p->sid : -ESRCH;
}

long sys_setpgid(int pid, int pgid)
{
	struct process *p = by_pid(pid);

	if (pgid < 0)
		return -EINVAL;
	if (!p)
		return -ESRCH;
	// A session's leader cannot change its group, and there is no other group to join.
	return p->sid == p->pid || (pgid && pgid != p->pid) ? -EPERM : 0;
}

// The program is its session's and group's leader from the beginning.
long sys_setsid(void)
{
	return -EPERM;
}
