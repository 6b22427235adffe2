// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// alarm, setitimer, getitimer: three alarms of the process.
#include <asm-generic/errno.h>
#include <linux/time.h>

#include <core/user.h>
#include <linux/alarm_clock.h>
#include <linux/signal.h>
#include <linux/syscall.h>
#include <linux/timespec.h>

#define COUNT 3

static void fire(struct alarm_clock *a, uint64_t times);

static struct alarm_clock alarms[COUNT] = {
	[ITIMER_REAL] = { .base = ALARM_MONOTONIC, .fire = fire },
	[ITIMER_VIRTUAL] = { .base = ALARM_CPU, .fire = fire },
	[ITIMER_PROF] = { .base = ALARM_CPU, .fire = fire },
};

static void fire(struct alarm_clock *a, uint64_t times)
{
	static const int signals[COUNT] = { SIGALRM, SIGVTALRM, SIGPROF };
	struct siginfo_lite info = { .signo = signals[a - alarms], .code = SI_KERNEL };

	signal_process(init_process, &info);
}

static void set(struct alarm_clock *a, uint64_t value, uint64_t interval)
{
	uint64_t now;

	a->process = current_process();
	now = alarm_now(a);
	alarm_set(a, value ? (value < FOREVER - now ? now + value : FOREVER) : 0, interval);
}

long sys_alarm(unsigned seconds)
{
	struct alarm_clock *a = &alarms[ITIMER_REAL];
	uint64_t left;

	a->process = current_process();
	left = alarm_left(a);
	set(a, seconds * NSEC, 0);
	// Rounded, but what is left is never told as nothing.
	return (long)(left ? MAX((left + NSEC / 2) / NSEC, 1ul) : 0);
}

static long put(const struct alarm_clock *a, uint8_t *user)
{
	uint64_t left = alarm_left(a), interval = a->interval;

	if (timeval_to_user(user, (int64_t)interval))
		return -EFAULT;
	return timeval_to_user(user + 16, (int64_t)(left && left < 1000 ? 1000 : left));
}

long sys_getitimer(unsigned which, uint8_t *user)
{
	if (which >= COUNT)
		return -EINVAL;
	alarms[which].process = current_process();
	return put(&alarms[which], user);
}

long sys_setitimer(unsigned which, const uint8_t *user, uint8_t *old)
{
	uint64_t value = 0, interval = 0;
	long r;

	if (user) {
		r = timeval_from_user(user, &interval);
		if (!r)
			r = timeval_from_user(user + 16, &value);
		if (r)
			return r;
	}
	if (which >= COUNT)
		return -EINVAL;
	alarms[which].process = current_process();
	r = old ? put(&alarms[which], old) : 0;
	if (!r)
		set(&alarms[which], value, interval);
	return r;
}
