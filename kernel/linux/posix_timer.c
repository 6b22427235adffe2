// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// timer_create and its family: alarms with ids, that send a signal to the process or to one thread,
// or nothing. A timer has at most one signal queued; what passes meanwhile is its overrun.
#include <asm-generic/errno.h>
#include <linux/time.h>

#include <core/user.h>
#include <linux/alarm_clock.h>
#include <linux/child.h>
#include <linux/signal.h>
#include <linux/syscall.h>
#include <linux/timespec.h>
#include <mm/mm.h>

#define OVERRUN_MAX 0x7fffffff

struct posix_timer {
	struct alarm_clock alarm;
	struct list link;
	int id, notify, signo, tid;
	uint64_t value;   // sigev_value
	uint64_t overrun; // of the signal sent last
};

struct sigevent_user {
	uint64_t value;
	int32_t signo, notify, tid, pad[11];
};
_Static_assert(sizeof(struct sigevent_user) == 64, "struct sigevent");

static struct list timers = LIST_INIT(timers);
static int last_id = -1;

static struct posix_timer *find(int id)
{
	list_for_each(l, &timers) {
		struct posix_timer *t = list_entry(l, struct posix_timer, link);

		if (t->id == id && t->alarm.process == current_process())
			return t;
	}
	return NULL;
}

static void fire(struct alarm_clock *a, uint64_t times)
{
	struct posix_timer *t = container_of(a, struct posix_timer, alarm);
	struct siginfo_lite info = {
		.signo = t->signo, .code = SI_TIMER, .timerid = t->id, .addr = t->value
	};
	struct thread *thread = NULL;

	if (t->notify == SIGEV_THREAD_ID)
		thread = thread_find(t->tid);
	if (t->notify == SIGEV_NONE || (t->notify == SIGEV_THREAD_ID && !thread))
		return;
	if (signal_merge_timer(a->process, thread, t->id, times)) {
		t->overrun = MIN(t->overrun + times, (uint64_t)OVERRUN_MAX);
		return;
	}
	t->overrun = MIN(times - 1, (uint64_t)OVERRUN_MAX);
	info.overrun = (int)t->overrun;
	if (thread)
		signal_thread(thread, &info);
	else
		signal_process(a->process, &info);
}

// A CPU clock is named by its process's or thread's number, too (see clocks.c). *tid is set for a
// thread's.
static int base_of_cpu(int clock, int *tid)
{
	int64_t ns;

	if (clock_read(clock, &ns))
		return -EINVAL;
	if (!(clock & 4))
		return ALARM_CPU;
	*tid = ~(clock >> 3) ? ~(clock >> 3) : current()->tid;
	return ALARM_THREAD_CPU;
}

static int base_of(int clock, int *tid)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_TAI:
		return ALARM_WALL;
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
		return ALARM_MONOTONIC;
	case CLOCK_PROCESS_CPUTIME_ID:
		return ALARM_CPU;
	case CLOCK_THREAD_CPUTIME_ID:
		*tid = current()->tid;
		return ALARM_THREAD_CPU;
	default:
		return clock < 0 ? base_of_cpu(clock, tid) : -EINVAL;
	}
}

static long check_event(const struct sigevent_user *e)
{
	if (e->notify == SIGEV_NONE)
		return 0;
	if (e->notify != SIGEV_SIGNAL && e->notify != SIGEV_THREAD &&
	    e->notify != SIGEV_THREAD_ID && e->notify != (SIGEV_SIGNAL | SIGEV_THREAD_ID))
		return -EINVAL;
	if (e->signo < 1 || e->signo > NSIG_)
		return -EINVAL;
	return e->notify & SIGEV_THREAD_ID && !thread_find(e->tid) ? -EINVAL : 0;
}

long sys_timer_create(int clock, const struct sigevent_user *event, int *id)
{
	struct sigevent_user e = { .signo = SIGALRM, .notify = SIGEV_SIGNAL };
	int tid = 0, base = base_of(clock, &tid);
	struct posix_timer *t;
	long r;

	if (base < 0)
		return base;
	if (event && copy_from_user(&e, event, sizeof(e)))
		return -EFAULT;
	r = check_event(&e);
	if (r)
		return r;
	t = kzalloc(sizeof(*t));
	if (!t)
		return -EAGAIN;
	do {
		last_id = (last_id + 1) & 0x7fffffff;
	} while (find(last_id));
	t->alarm = (struct alarm_clock){ .base = (enum alarm_base)base,
					 .process = current_process(),
					 .tid = tid,
					 .fire = fire };
	t->id = last_id;
	t->notify = e.notify & SIGEV_THREAD_ID ? SIGEV_THREAD_ID : e.notify;
	t->signo = e.signo;
	t->tid = e.tid;
	t->value = event ? e.value : (uint64_t)t->id;
	if (copy_to_user(id, &t->id, sizeof(*id))) {
		kfree(t);
		return -EFAULT;
	}
	list_add_tail(&timers, &t->link);
	return 0;
}

static long put(const struct posix_timer *t, uint8_t *user)
{
	if (timespec_to_user(user, (int64_t)t->alarm.interval))
		return -EFAULT;
	return timespec_to_user(user + 16, (int64_t)alarm_left(&t->alarm));
}

long sys_timer_gettime(int id, uint8_t *user)
{
	struct posix_timer *t = find(id);

	return t ? put(t, user) : -EINVAL;
}

long sys_timer_settime(int id, int flags, const uint8_t *new, uint8_t *old)
{
	uint64_t interval, value, now;
	struct posix_timer *t;
	long r;

	if (!new)
		return -EINVAL;
	r = timespec_from_user(new, &interval);
	if (!r)
		r = timespec_from_user(new + 16, &value);
	if (r)
		return r;
	t = find(id);
	if (!t)
		return -EINVAL;
	r = old ? put(t, old) : 0;
	if (r)
		return r;
	now = alarm_now(&t->alarm);
	if (value && !(flags & TIMER_ABSTIME))
		value = value < FOREVER - now ? now + value : FOREVER;
	t->overrun = 0;
	alarm_set(&t->alarm, value, interval);
	return 0;
}

long sys_timer_getoverrun(int id)
{
	struct posix_timer *t = find(id);

	return t ? (long)t->overrun : -EINVAL;
}

static void timer_free(struct posix_timer *t)
{
	timer_cancel(&t->alarm.timer);
	list_del(&t->link);
	kfree(t);
}

void posix_timers_forget(struct process *p)
{
	list_for_each_safe(l, &timers) {
		struct posix_timer *t = list_entry(l, struct posix_timer, link);

		if (t->alarm.process == p)
			timer_free(t);
	}
}

long sys_timer_delete(int id)
{
	struct posix_timer *t = find(id);

	if (!t)
		return -EINVAL;
	timer_free(t);
	return 0;
}
