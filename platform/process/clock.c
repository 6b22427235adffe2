// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The clock of the boot block, kept true: the parent could measure the TSC's rate only for a
// moment, so it is measured again over ever longer times. The instance's clock never jumps back:
// where it ran ahead, its rate is lowered a little instead.
#include <platform/process/gate.h>

#define SECOND 1000000000ull
#define HOST_CLOCK_MONOTONIC 1
#define HOST_CLOCK_REALTIME 0
#define SLEW_MAX 500000 // an error of up to this many ns is worked off within the next second

static struct {
	uint64_t tsc0, host0;   // where measuring began
	uint64_t next;          // TSC at which to look again
	int64_t host_minus_own; // CLOCK_MONOTONIC of the host less the instance's
} clock;

static uint64_t rdtsc(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

static uint64_t scale(uint64_t ticks, uint64_t mult)
{
	return (uint64_t)((unsigned __int128)ticks * mult >> 32);
}

// (ns << 32) / ticks, which fits as long as the TSC runs at more than 1 Hz. There is no libgcc here
// for 128-bit division.
static uint64_t rate(uint64_t ns, uint64_t ticks)
{
	uint64_t quotient, rest;

	__asm__("divq %[d]"
		: "=a"(quotient), "=d"(rest)
		: "a"(ns << 32), "d"(ns >> 32), [d] "r"(ticks)
		: "cc");
	return quotient;
}

static uint64_t own_ns(const struct boot_clock *c, uint64_t tsc)
{
	return c->mono_ns + scale(tsc - c->tsc_ref, c->mult);
}

uint64_t clock_now(void)
{
	return own_ns(&pp.area->clock, rdtsc());
}

static uint64_t host_ns(long which)
{
	int64_t t[2];

	host_call(__NR_clock_gettime, which, (long)t, 0, 0, 0, 0);
	return (uint64_t)t[0] * SECOND + (uint64_t)t[1];
}

// Both clocks at one moment, as well as that can be had: the middle of the call.
static void sample(uint64_t *tsc, uint64_t *ns)
{
	uint64_t before = rdtsc();

	*ns = host_ns(HOST_CLOCK_MONOTONIC);
	*tsc = before + (rdtsc() - before) / 2;
}

static void set(struct boot_clock *c, uint64_t tsc, uint64_t mono, uint64_t mult, int64_t wall_off)
{
	__atomic_store_n(&c->seq, c->seq + 1, __ATOMIC_RELEASE);
	c->tsc_ref = tsc;
	c->mono_ns = mono;
	c->mult = mult;
	c->wall_off = wall_off;
	__atomic_store_n(&c->seq, c->seq + 1, __ATOMIC_RELEASE);
}

void clock_refine(void)
{
	struct boot_clock *c = &pp.area->clock;
	uint64_t tsc, ns, mult, own, second;
	int64_t ahead;

	if (clock.next && rdtsc() < clock.next)
		return;
	sample(&tsc, &ns);
	second = (SECOND << 32) / c->mult;
	own = own_ns(c, tsc);
	if (!clock.next) {
		clock.tsc0 = tsc;
		clock.host0 = ns;
		clock.host_minus_own = (int64_t)(ns - own);
		clock.next = tsc + second / 64;
		return;
	}
	mult = rate(ns - clock.host0, tsc - clock.tsc0);
	ahead = (int64_t)(own - (ns - (uint64_t)clock.host_minus_own));
	if (ahead > SLEW_MAX || ahead < 0) {
		// Behind, or so far ahead that something stopped us: go forward at once, or stand
		// still until time has caught up.
		own = ahead < 0 ? own - (uint64_t)ahead : own;
		ahead = ahead < 0 ? 0 : SLEW_MAX;
	}
	set(c, tsc, own, mult - scale(mult, (uint64_t)ahead * 4),
	    (int64_t)(host_ns(HOST_CLOCK_REALTIME) - own));
	clock.next = tsc + (tsc - clock.tsc0 < second ? (tsc - clock.tsc0) : second);
}
