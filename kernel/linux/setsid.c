// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// setsid(2).
#include <asm-generic/errno.h>

#include <linux/child.h>
#include <linux/syscall.h>

// Daemons fork before, and may do so without waiting for anybody.
void *const setsid_needs[] __attribute__((used)) = { (void *)process_clone };

// The first program is its session's and group's leader from the beginning.
long sys_setsid(void)
{
	struct process *p = current_process();

	list_for_each(l, &process_list) {
		if (list_entry(l, struct process, link)->pgid == p->pid)
			return -EPERM;
	}
	return p->sid = p->pgid = p->pid;
}
