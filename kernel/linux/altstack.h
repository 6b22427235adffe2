// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The alternate signal stack.
#ifndef LINUX_ALTSTACK_H
#define LINUX_ALTSTACK_H

#include <sched/sched.h>

struct altstack_user { // stack_t
	uint64_t base;
	int32_t flags, pad;
	uint64_t size;
};

bool altstack_contains(const struct thread *t, uint64_t rsp);
void altstack_get(const struct thread *t, uint64_t rsp, struct altstack_user *u);
void altstack_disarm(struct thread *t); // a handler starts: SS_AUTODISARM
long altstack_set(struct thread *t, uint64_t rsp, const struct altstack_user *u);

#endif
