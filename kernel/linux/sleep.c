// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// nanosleep and clock_nanosleep. An interrupted relative sleep leaves what is left of it in *rem
// and is continued by restart_syscall to the same end.
#include <asm-generic/errno.h>
#include <linux/time.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <linux/timespec.h>

// 0 at the deadline, or -EINTR.
static int sleep_until(uint64_t deadline)
{
	int r;

	do {
		r = wait_sleep(deadline, true);
	} while (!r);
	return r == -ETIMEDOUT ? 0 : r;
}

static long sleep_restart(struct thread *t)
{
	uint64_t now;

	if (!sleep_until(t->restart_deadline))
		return 0;
	now = time_now();
	if (t->restart_args[0] &&
	    timespec_to_user((void *)t->restart_args[0],
			     (int64_t)(t->restart_deadline - MIN(now, t->restart_deadline))))
		return -EFAULT;
	return -ERESTART_RESTARTBLOCK;
}

static long sleep_for(uint64_t ns, void *rem)
{
	struct thread *t = current();

	t->restart = sleep_restart;
	t->restart_deadline = deadline_after(ns);
	t->restart_args[0] = (uint64_t)rem;
	return sleep_restart(t);
}

long sys_nanosleep(const void *req, void *rem)
{
	uint64_t ns;
	int r = timespec_from_user(req, &ns);

	return r ? r : sleep_for(ns, rem);
}

long sys_clock_nanosleep(int clock, int flags, const void *req, void *rem)
{
	uint64_t ns, deadline;
	int r;

	if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC && clock != CLOCK_BOOTTIME &&
	    clock != CLOCK_TAI)
		return clock == CLOCK_PROCESS_CPUTIME_ID ? -EOPNOTSUPP : -EINVAL;
	r = timespec_from_user(req, &ns);
	if (r)
		return r;
	if (!(flags & TIMER_ABSTIME))
		return sleep_for(ns, rem);
	deadline = clock == CLOCK_REALTIME || clock == CLOCK_TAI ? deadline_at_wall(ns) : ns;
	return sleep_until(deadline) ? -ERESTARTNOHAND : 0;
}
