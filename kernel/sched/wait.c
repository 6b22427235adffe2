// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Wait queues. A waiter is on its sleeper's kernel stack. `woken` is remembered from wait_begin on,
// so a wake-up between looking at the condition and sleeping is not lost; a stale one only makes a
// waiting loop look once more.
#include <asm-generic/errno.h>

#include <linux/process.h>
#include <sched/run.h>

void wait_queue_init(struct wait_queue *q)
{
	list_init(&q->waiters);
}

void wait_begin(struct wait_queue *q, struct waiter *w)
{
	*w = (struct waiter){ .thread = current() };
	list_add_tail(&q->waiters, &w->link);
}

void wait_end(struct waiter *w)
{
	list_del(&w->link);
}

struct sleep {
	struct timer timer;
	struct thread *thread;
};

static void sleep_over(struct timer *t)
{
	struct sleep *s = container_of(t, struct sleep, timer);

	s->thread->timed_out = true;
	thread_wake(s->thread);
}

static int sleep_result(struct thread *t, bool interruptible)
{
	if (t->woken) {
		t->woken = false;
		return 0;
	}
	if (t->timed_out)
		return -ETIMEDOUT;
	if (interruptible && (signal_pending(t) || t->exiting))
		return -EINTR;
	return 1;
}

int wait_sleep(uint64_t deadline, bool interruptible)
{
	struct thread *t = current();
	struct sleep s = { .thread = t };
	int r;

	t->timed_out = false;
	r = sleep_result(t, interruptible);
	if (r <= 0)
		return r;
	if (deadline != FOREVER)
		timer_set(&s.timer, deadline, sleep_over);
	t->interruptible = interruptible;
	do {
		t->state = THREAD_BLOCKED;
		schedule();
		r = sleep_result(t, interruptible);
	} while (r > 0);
	t->interruptible = false;
	timer_cancel(&s.timer);
	return r;
}

int wake_some(struct wait_queue *q, int n, uint32_t key)
{
	int count = 0;

	list_for_each_safe(l, &q->waiters) {
		struct waiter *w = list_entry(l, struct waiter, link);

		if (count >= n)
			break;
		if (w->notify) {
			w->notify(w, key);
			continue;
		}
		w->thread->woken = true;
		thread_wake(w->thread);
		count++;
	}
	return count;
}

void wake_all(struct wait_queue *q, uint32_t key)
{
	wake_some(q, INT32_MAX, key);
}
