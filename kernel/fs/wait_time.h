// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Timeouts of poll, select, epoll_wait and the timer files.
#ifndef FS_WAIT_TIME_H
#define FS_WAIT_TIME_H

#include <fs/abi.h>
#include <linux/signal.h>
#include <sched/sched.h>

static inline uint64_t deadline_after(uint64_t ns)
{
	uint64_t now = time_now();

	return ns >= FOREVER - now ? FOREVER : now + ns;
}

// Nanoseconds of a timespec, far ones as FOREVER. 0 or -EINVAL.
static inline int timespec_ns(const struct linux_timespec *t, uint64_t *ns)
{
	if (t->sec < 0 || t->nsec < 0 || t->nsec >= (int64_t)NSEC)
		return -EINVAL;
	*ns = (uint64_t)t->sec >= FOREVER / NSEC ? FOREVER :
						   (uint64_t)t->sec * NSEC + (uint64_t)t->nsec;
	return 0;
}

// The deadline of a relative struct timespec in the program's memory; NULL: FOREVER. 0, -EFAULT or
// -EINVAL.
static inline int deadline_from_user(const void *user, uint64_t *deadline)
{
	struct linux_timespec t;
	uint64_t ns;
	int r;

	*deadline = FOREVER;
	if (!user)
		return 0;
	if (copy_from_user(&t, user, sizeof(t)))
		return -EFAULT;
	r = timespec_ns(&t, &ns);
	if (!r)
		*deadline = ns ? deadline_after(ns) : 0;
	return r;
}

// The signal mask of ppoll and its like, for the time of the wait; NULL: the mask stays.
static inline int mask_from_user(const void *user, size_t size)
{
	uint64_t mask;

	if (!user)
		return 0;
	if (size != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, user, sizeof(mask)))
		return -EFAULT;
	signal_mask_temporarily(mask);
	return 0;
}

#endif
