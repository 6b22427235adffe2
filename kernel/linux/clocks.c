// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The clocks of clock_gettime. CPU clocks of other threads are named by negative numbers:
// include/linux/posix-timers.h, CPUCLOCK_PID and CPUCLOCK_PERTHREAD_MASK.
#include <asm-generic/errno.h>
#include <linux/time.h>

#include <linux/process.h>
#include <linux/timespec.h>

#define PER_THREAD 4

static uint64_t thread_cpu_ns(struct thread *t)
{
	process_cpu_ns(t->process); // brings the running thread's count up to date
	return t->cpu_ns;
}

static int cpu_clock(int clock, int64_t *ns)
{
	int id = ~(clock >> 3);
	struct thread *t = id ? thread_find(id) : current();

	if ((clock & 3) == 3 || !t)
		return -EINVAL;
	*ns = (int64_t)(clock & PER_THREAD ? thread_cpu_ns(t) : process_cpu_ns(t->process));
	return 0;
}

int clock_read(int clock, int64_t *ns)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		*ns = (int64_t)time_now() + time_wall_offset();
		return 0;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*ns = (int64_t)time_now();
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*ns = (int64_t)process_cpu_ns(current_process());
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*ns = (int64_t)thread_cpu_ns(current());
		return 0;
	default:
		return clock < 0 ? cpu_clock(clock, ns) : -EINVAL;
	}
}
