// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// get_robust_list(2).
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>

long sys_get_robust_list(int tid, void **head, size_t *len)
{
	struct thread *t = tid ? thread_find(tid) : current();
	size_t size = 24;

	if (!t)
		return -ESRCH;
	if (copy_to_user(len, &size, sizeof(size)))
		return -EFAULT;
	return copy_to_user(head, &t->robust_list, sizeof(*head));
}
