// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// adjtimex and clock_adjtime: what the clock is like can be read; it is the host's and not ours to
// adjust.
#include <asm-generic/errno.h>
#include <linux/time.h>
#include <linux/timex.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <linux/timespec.h>

static long adjust(int clock, void *user)
{
	struct __kernel_timex t;
	int64_t ns;
	unsigned modes;

	if (copy_from_user(&modes, user, sizeof(modes)))
		return -EFAULT;
	if (modes && modes != ADJ_OFFSET_SS_READ)
		return -EPERM;
	if (clock_read(clock, &ns))
		return -EINVAL;
	memset(&t, 0, sizeof(t));
	t.modes = modes;
	t.status = STA_UNSYNC; // nobody disciplines it in here
	t.maxerror = t.esterror = 16000000;
	t.constant = 2;
	t.precision = 1;
	t.tolerance = 500 << 16; // parts per million, 16 bits behind the point
	t.tick = 10000;
	t.time.tv_sec = ns / (int64_t)NSEC;
	t.time.tv_usec = ns % (int64_t)NSEC / 1000;
	return copy_to_user(user, &t, sizeof(t)) ? -EFAULT : TIME_ERROR;
}

long sys_adjtimex(void *user)
{
	return adjust(CLOCK_REALTIME, user);
}

long sys_clock_adjtime(int clock, void *user)
{
	return clock == CLOCK_REALTIME ? adjust(clock, user) : -EOPNOTSUPP;
}
