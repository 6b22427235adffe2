// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// See alarm_clock.h.
#include <linux/alarm_clock.h>
#include <linux/process.h>
#include <linux/timespec.h>

#define CPU_CHECK_MIN 1000000 // ns between two looks at a CPU clock

uint64_t alarm_now(const struct alarm_clock *a)
{
	if (a->base == ALARM_CPU)
		return process_cpu_ns(a->process);
	if (a->base == ALARM_THREAD_CPU) {
		const struct thread *t = thread_find(a->tid);

		if (!t)
			return 0;
		process_cpu_ns(t->process); // brings the running thread's count up to date
		return t->cpu_ns;
	}
	return time_now() + (a->base == ALARM_WALL ? (uint64_t)time_wall_offset() : 0);
}

uint64_t alarm_left(const struct alarm_clock *a)
{
	uint64_t now = alarm_now(a);

	if (!a->expires)
		return 0;
	return a->expires > now ? a->expires - now : 1;
}

static void due(struct timer *t);

static void arm(struct alarm_clock *a)
{
	uint64_t at = a->expires;

	if (a->base == ALARM_WALL)
		at = deadline_at_wall(a->expires);
	else if (a->base == ALARM_CPU || a->base == ALARM_THREAD_CPU)
		at = deadline_after(MAX(alarm_left(a), (uint64_t)CPU_CHECK_MIN));
	timer_set(&a->timer, at, due);
}

// Periods that were missed are told in one firing.
static void due(struct timer *t)
{
	struct alarm_clock *a = container_of(t, struct alarm_clock, timer);
	uint64_t now = alarm_now(a), times = 1;

	if (a->expires > now) {
		arm(a);
		return;
	}
	if (a->interval) {
		times += (now - a->expires) / a->interval;
		a->expires += times * a->interval;
		arm(a);
	} else {
		a->expires = 0;
	}
	a->fire(a, times);
}

void alarm_set(struct alarm_clock *a, uint64_t expires, uint64_t interval)
{
	timer_cancel(&a->timer);
	a->expires = expires;
	a->interval = interval;
	if (expires)
		arm(a);
}
