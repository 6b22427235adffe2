// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Time from the TSC with the scale that the host wrote into struct boot_clock.
//
// The host changes the clock only while the vcpu is stopped and changes seq with it, so a reader
// that was stopped in the middle sees another seq and reads again.
#include <sched/clock.h>
#include <sched/sched.h>
#include <pith/boot.h>

static uint64_t scale(uint64_t ticks, uint64_t mult)
{
	return (uint64_t)((unsigned __int128)ticks * mult >> 32);
}

uint64_t tsc_to_ns(uint64_t ticks)
{
	return scale(ticks, percpu()->area->clock.mult);
}

uint64_t time_now(void)
{
	const volatile struct boot_clock *c = &percpu()->area->clock;
	uint64_t now, ref;
	uint32_t seq;

	do {
		seq = c->seq;
		ref = c->tsc_ref;
		now = tsc_read();
		// The counter of a vcpu that moved may be a little behind the reference.
		now = c->mono_ns + ((int64_t)(now - ref) > 0 ? scale(now - ref, c->mult) : 0);
	} while (seq != c->seq);
	return now;
}

int64_t time_wall_offset(void)
{
	return percpu()->area->clock.wall_off;
}

void time_set_wall_offset(int64_t ns)
{
	percpu()->area->clock.wall_off = ns;
}
