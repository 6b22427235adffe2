// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// rt_sigtimedwait(2): takes a signal without a handler.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/signal.h>
#include <linux/syscall.h>
#include <linux/timespec.h>

#define SIGSET_SIZE 8

// Takes one of the set, waiting until the deadline. A number, -EAGAIN or -EINTR.
static long wait_for(uint64_t set, uint64_t deadline, struct siginfo_lite *info)
{
	struct thread *t = current();
	int signo, r = 0;

	for (;;) {
		signo = signal_take(t, set, info);
		if (signo)
			return signo;
		if (r)
			return r == -ETIMEDOUT ? -EAGAIN : r;
		t->sig.waiting = set;
		r = wait_sleep(deadline, true);
		t->sig.waiting = 0;
	}
}

long sys_rt_sigtimedwait(const uint64_t *set, struct siginfo_user *info, const void *timeout,
			 size_t size)
{
	struct siginfo_lite got;
	struct siginfo_user u;
	uint64_t bits, ns = FOREVER;
	long r;

	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (copy_from_user(&bits, set, sizeof(bits)))
		return -EFAULT;
	r = timeout ? timespec_from_user(timeout, &ns) : 0;
	if (r)
		return r;
	r = wait_for(bits & ~SIG_UNBLOCKABLE, deadline_after(ns), &got);
	if (r > 0 && info) {
		siginfo_to_user(&u, &got);
		if (copy_to_user(info, &u, sizeof(u)))
			return -EFAULT;
	}
	return r;
}
