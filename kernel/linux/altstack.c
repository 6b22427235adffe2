// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sigaltstack(2). A size of 0 means that there is none.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/altstack.h>
#include <linux/signal.h>

#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SS_AUTODISARM (1u << 31)
#define STACK_MIN 2048 /* MINSIGSTKSZ */

bool altstack_contains(const struct thread *t, uint64_t rsp)
{
	// With SS_AUTODISARM the stack is given up while it is in use, so nobody is ever on it.
	if (t->sig.altstack_flags & SS_AUTODISARM)
		return false;
	return rsp > t->sig.altstack_base && rsp - t->sig.altstack_base <= t->sig.altstack_len;
}

void altstack_get(const struct thread *t, uint64_t rsp, struct altstack_user *u)
{
	*u = (struct altstack_user){ .base = t->sig.altstack_base, .size = t->sig.altstack_len };
	if (!t->sig.altstack_len)
		u->flags = SS_DISABLE;
	else if (altstack_contains(t, rsp))
		u->flags = SS_ONSTACK;
	u->flags |= (int32_t)(t->sig.altstack_flags & SS_AUTODISARM);
}

long altstack_set(struct thread *t, uint64_t rsp, const struct altstack_user *u)
{
	uint32_t mode = (uint32_t)u->flags & ~SS_AUTODISARM;

	if (altstack_contains(t, rsp))
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode == SS_DISABLE) {
		t->sig.altstack_base = t->sig.altstack_len = 0;
	} else {
		if (u->size < STACK_MIN)
			return -ENOMEM;
		t->sig.altstack_base = u->base;
		t->sig.altstack_len = u->size;
	}
	t->sig.altstack_flags = (uint32_t)u->flags & SS_AUTODISARM;
	return 0;
}

void altstack_disarm(struct thread *t)
{
	if (t->sig.altstack_flags & SS_AUTODISARM)
		t->sig.altstack_base = t->sig.altstack_len = t->sig.altstack_flags = 0;
}
