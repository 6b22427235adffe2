// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// alarm, setitimer, getitimer: three alarms of each process that sets one.
#include <asm-generic/errno.h>
#include <linux/time.h>

#include <core/user.h>
#include <linux/alarm_clock.h>
#include <linux/child.h>
#include <linux/signal.h>
#include <linux/syscall.h>
#include <linux/timespec.h>
#include <mm/mm.h>

#define COUNT 3

static void fire(struct alarm_clock *a, uint64_t times);

struct itimers {
	struct alarm_clock alarms[COUNT];
};

// The caller's, made by its first use. NULL: no memory.
static struct alarm_clock *alarm_of(int which)
{
	struct process *p = current_process();

	if (!p->itimers)
		p->itimers = kzalloc(sizeof(*p->itimers));
	for (int i = 0; p->itimers && i < COUNT; i++) {
		struct alarm_clock *a = &p->itimers->alarms[i];

		a->base = i == ITIMER_REAL ? ALARM_MONOTONIC : ALARM_CPU;
		a->fire = fire;
		a->process = p;
	}
	return p->itimers ? &p->itimers->alarms[which] : NULL;
}

void itimers_forget(struct process *p)
{
	for (int i = 0; p->itimers && i < COUNT; i++)
		timer_cancel(&p->itimers->alarms[i].timer);
	kfree(p->itimers);
	p->itimers = NULL;
}

static void fire(struct alarm_clock *a, uint64_t times)
{
	static const int signals[COUNT] = { SIGALRM, SIGVTALRM, SIGPROF };
	struct siginfo_lite info = { .signo = signals[a - a->process->itimers->alarms],
				     .code = SI_KERNEL };

	signal_process(a->process, &info);
}

static void set(struct alarm_clock *a, uint64_t value, uint64_t interval)
{
	uint64_t now = alarm_now(a);

	alarm_set(a, value ? (value < FOREVER - now ? now + value : FOREVER) : 0, interval);
}

long sys_alarm(unsigned seconds)
{
	struct alarm_clock *a = alarm_of(ITIMER_REAL);
	uint64_t left;

	if (!a)
		return -ENOMEM;
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
	const struct alarm_clock *a = which < COUNT ? alarm_of((int)which) : NULL;

	if (!a)
		return which < COUNT ? -ENOMEM : -EINVAL;
	return put(a, user);
}

long sys_setitimer(unsigned which, const uint8_t *user, uint8_t *old)
{
	uint64_t value = 0, interval = 0;
	struct alarm_clock *a;
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
	a = alarm_of((int)which);
	if (!a)
		return -ENOMEM;
	r = old ? put(a, old) : 0;
	if (!r)
		set(a, value, interval);
	return r;
}
