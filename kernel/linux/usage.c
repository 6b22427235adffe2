// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// times(2) and getrusage(2). All time of a thread counts as user time: the library OS has no other
// view of it.
#include <asm-generic/errno.h>
#include <linux/resource.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/mm.h>

#define TICKS_PER_SECOND 100 /* USER_HZ */

long sys_times(int64_t *buf)
{
	uint64_t ns = process_cpu_ns(current_process());
	uint64_t children = current_process()->child_cpu_ns;
	int64_t t[4] = { (int64_t)(ns * TICKS_PER_SECOND / NSEC), 0,
			 (int64_t)(children * TICKS_PER_SECOND / NSEC), 0 };

	if (buf && copy_to_user(buf, t, sizeof(t)))
		return -EFAULT;
	return (long)(time_now() / (NSEC / TICKS_PER_SECOND));
}

long sys_getrusage(int who, void *buf)
{
	struct rusage u = { 0 };
	uint64_t ns = 0;

	if (who == RUSAGE_SELF || who == RUSAGE_THREAD)
		ns = process_cpu_ns(current_process());
	else if (who == RUSAGE_CHILDREN)
		ns = current_process()->child_cpu_ns;
	else
		return -EINVAL;
	if (who == RUSAGE_THREAD)
		ns = current()->cpu_ns;
	u.ru_utime.tv_sec = (long)(ns / NSEC);
	u.ru_utime.tv_usec = (long)(ns % NSEC / 1000);
	if (who != RUSAGE_CHILDREN) {
		u.ru_maxrss = (long)(percpu()->area->ram_peak / 1024);
		u.ru_minflt = (long)percpu()->area->faults;
	}
	return copy_to_user(buf, &u, sizeof(u));
}
