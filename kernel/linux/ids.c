// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Process identity: pid, parent, groups and sessions. There is one terminal at most, the console.
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

// 0 is the caller.
static struct process *by_pid(int pid)
{
	return pid ? process_find(pid) : current_process();
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

// Is there a member of the group in the session?
static bool group_in(int pgid, int sid)
{
	list_for_each(l, &process_list) {
		const struct process *p = list_entry(l, struct process, link);

		if (p->pgid == pgid && p->sid == sid)
			return true;
	}
	return false;
}

// setpgid(2): a process moves itself, or a child that has not called execve, within the session.
long sys_setpgid(int pid, int pgid)
{
	struct process *me = current_process(), *p = by_pid(pid);

	if (pgid < 0)
		return -EINVAL;
	if (!p || (p != me && p->parent != me))
		return -ESRCH;
	if (p != me && p->invocation != me->invocation)
		return -EACCES;
	if (p->sid == p->pid || p->sid != me->sid)
		return -EPERM;
	if (!pgid)
		pgid = p->pid;
	if (pgid != p->pid && !group_in(pgid, me->sid))
		return -EPERM;
	p->pgid = pgid;
	return 0;
}
