// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The time is the host's.
#include <asm-generic/errno.h>

#include <core/klib.h>
#include <linux/syscall.h>
#include <linux/timespec.h>

long sys_clock_settime(int clock, const void *ts)
{
	uint64_t ns;
	int r = timespec_from_user(ts, &ns);

	if (r)
		return r;
	return clock ? -EINVAL : -EPERM;
}

long sys_settimeofday(const void *tv, const void *tz)
{
	uint64_t ns;
	int r = tv ? timeval_from_user(tv, &ns) : 0;

	return r ? r : -EPERM;
}
