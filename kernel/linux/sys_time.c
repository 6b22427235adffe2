// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reading clocks. Most programs do this through the vDSO, which these calls bring into the image.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <linux/timespec.h>
#include <vdso/vdso.h>

long sys_clock_gettime(int clock, void *ts)
{
	int64_t ns;
	int r;

	vdso_link();
	r = clock_read(clock, &ns);
	return r ? r : timespec_to_user(ts, ns);
}

long sys_gettimeofday(void *tv, void *tz)
{
	int32_t zone[2] = { 0, 0 };

	vdso_link();
	if (tv && timeval_to_user(tv, (int64_t)time_now() + time_wall_offset()))
		return -EFAULT;
	return tz ? copy_to_user(tz, zone, sizeof(zone)) : 0;
}

long sys_time(int64_t *t)
{
	int64_t now = ((int64_t)time_now() + time_wall_offset()) / (int64_t)NSEC;

	vdso_link();
	if (t && copy_to_user(t, &now, sizeof(now)))
		return -EFAULT;
	return now;
}

long sys_clock_getres(int clock, void *ts)
{
	int64_t ns;
	int r = clock_read(clock, &ns);

	if (r || !ts)
		return r;
	return timespec_to_user(ts, 1);
}
