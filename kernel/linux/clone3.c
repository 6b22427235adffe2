// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// clone3(2): clone with its arguments in a struct that may grow (include/uapi/linux/sched.h).
#include <asm-generic/errno.h>
#include <linux/sched.h>

#include <core/user.h>
#include <linux/clone.h>
#include <linux/syscall.h>

#define SIZE_MIN 64 /* CLONE_ARGS_SIZE_VER0 */
#define SIGNAL_MASK 0xffull

struct clone_args_user {
	uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
	uint64_t set_tid, set_tid_size, cgroup;
};
_Static_assert(sizeof(struct clone_args_user) == 88, "CLONE_ARGS_SIZE_VER2");

// What a newer program knows of and we do not must be zero.
static long check_rest(const uint8_t *user, size_t size)
{
	uint8_t b;

	for (size_t at = sizeof(struct clone_args_user); at < size; at++) {
		if (copy_from_user(&b, user + at, 1))
			return -EFAULT;
		if (b)
			return -E2BIG;
	}
	return 0;
}

static long check(const struct clone_args_user *a)
{
	if ((a->flags & (SIGNAL_MASK | CLONE_DETACHED)) || a->exit_signal > SIGNAL_MASK ||
	    !a->stack != !a->stack_size || a->exit_signal > NSIG_)
		return -EINVAL;
	if (a->flags & (CLONE_THREAD | CLONE_PARENT) && a->exit_signal)
		return -EINVAL;
	if (a->set_tid || a->set_tid_size || a->flags & CLONE_INTO_CGROUP) {
		klog("clone3: chosen ids and cgroups are not there (EINVAL)");
		return -EINVAL;
	}
	return 0;
}

long sys_clone3(const void *user, size_t size)
{
	struct clone_args_user a = { 0 };
	struct clone_request c;
	long r;

	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < SIZE_MIN)
		return -EINVAL;
	r = copy_from_user(&a, user, MIN(size, sizeof(a)));
	if (!r)
		r = check_rest(user, size);
	if (!r)
		r = check(&a);
	if (r)
		return r;
	c = (struct clone_request){
		.flags = a.flags,
		.exit_signal = (int)a.exit_signal,
		.rsp = a.stack + a.stack_size,
		.tls = a.tls,
		.parent_tid = (uint32_t *)a.parent_tid,
		.child_tid = (uint32_t *)a.child_tid,
		.pidfd = (int32_t *)a.pidfd,
	};
	return clone_any(&c);
}
