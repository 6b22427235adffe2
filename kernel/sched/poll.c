// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Pollers: the sources of events that have no interrupt.
#include <sched/idle.h>
#include <sched/sched.h>
#include <sched/timer.h>

static struct list pollers = LIST_INIT(pollers);

void poller_register(struct poller *p)
{
	list_add_tail(&pollers, &p->link);
}

bool sched_poll(void)
{
	bool any = false;

	list_for_each(l, &pollers)
		any |= list_entry(l, struct poller, link)->poll();
	return timer_run(time_now()) || any;
}

bool sched_busy(void)
{
	list_for_each(l, &pollers) {
		struct poller *p = list_entry(l, struct poller, link);

		if (p->busy && p->busy())
			return true;
	}
	return false;
}

uint64_t poll_deadline(void)
{
	uint64_t next = timer_next();

	list_for_each(l, &pollers) {
		struct poller *p = list_entry(l, struct poller, link);

		if (p->deadline)
			next = MIN(next, p->deadline());
	}
	return next;
}

void idle_wait(void)
{
	uint64_t next = poll_deadline(), now = time_now();

	host_wait(next == FOREVER ? FOREVER : next > now ? next - now : 0);
}
