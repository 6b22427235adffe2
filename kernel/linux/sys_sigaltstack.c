// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The call of altstack.c.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/altstack.h>
#include <linux/syscall.h>

long sys_sigaltstack(const struct altstack_user *new, struct altstack_user *old)
{
	struct thread *t = current();
	struct altstack_user to, was;
	long r = 0;

	if (new && copy_from_user(&to, new, sizeof(to)))
		return -EFAULT;
	altstack_get(t, t->frame->rsp, &was);
	if (new)
		r = altstack_set(t, t->frame->rsp, &to);
	if (!r && old && copy_to_user(old, &was, sizeof(was)))
		return -EFAULT;
	return r;
}
