// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The way back to the program. See work.h.
#include <core/output.h>
#include <core/work.h>
#include <linux/signal.h>

void work_tick(void)
{
	output_push(true);
	sched_tick();
}

// Nobody runs, so a tick means nothing; but a signal may wake somebody.
void work_idle(void)
{
	struct vcpu_area *area = percpu()->area;

	if (area->events &&
	    (__atomic_exchange_n(&area->events, 0, __ATOMIC_ACQ_REL) & EVENT_SIGNALS))
		signal_from_host(__atomic_exchange_n(&area->host_signals, 0, __ATOMIC_ACQ_REL));
}

static void take_events(struct vcpu_area *area)
{
	uint32_t events = __atomic_exchange_n(&area->events, 0, __ATOMIC_ACQ_REL);

	if (events & EVENT_TICK)
		work_tick();
	if (events & EVENT_SIGNALS)
		signal_from_host(__atomic_exchange_n(&area->host_signals, 0, __ATOMIC_ACQ_REL));
}

// need_resched is cleared first: whatever sets it again while we work makes another round.
void return_work(struct trap_frame *f)
{
	struct percpu *cpu = percpu();

	do {
		cpu->need_resched = 0;
		if (cpu->area->events)
			take_events(cpu->area);
		sched_preempt();
		if (process_thread_end && current()->exiting)
			process_thread_end();
		signal_deliver(f);
	} while (cpu->need_resched || cpu->area->events);
	output_push(false);
}
