// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// When output leaves. Rings are emptied at a crossing, and crossings are dear, so output waits a
// little for company; but not long while the program computes: the way back to the program asks
// output_due().
//
// State: `since` is the TSC at which the oldest waiting output was queued, 0 if none waits.
#include <core/console.h>
#include <core/output.h>
#include <platform/platform.h>
#include <sched/clock.h>

#define HOLD_NS 200000

static uint64_t since;
static bool crossed; // since the last tick

void output_queued(void)
{
	if (!since)
		since = tsc_read();
	percpu()->need_resched = 1;
}

void host_wait(uint64_t ns)
{
	since = 0;
	crossed = true;
	percpu()->area->wait_ns = ns;
	plat->wait();
}

void output_push(bool tick)
{
	// A program that asks again and again without waiting gets its input, too: at the second
	// tick without a crossing.
	bool late = tick && !crossed;

	if (tick)
		crossed = false;
	if (!since && !late)
		return;
	if (!tick && tsc_to_ns(tsc_read() - since) <= HOLD_NS) {
		percpu()->need_resched = 1;
		return;
	}
	host_wait(0);
	sched_poll(); // the crossing has brought input, too
}
