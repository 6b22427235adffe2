// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// clock.h. The instance's clock follows CLOCK_MONOTONIC: if it is behind it jumps forward, if it is
// ahead it runs a little slower for the next second. Nothing is read back from the guest's copy.
#include <monitor/kvm/clock.h>

#include <time.h>
#include <x86intrin.h>

#include <monitor/clock.h>

#define SECOND 1000000000ull
#define SLEW_MAX 500000 // ns that one second works off

static uint64_t wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

static uint64_t rate_of(uint64_t khz)
{
	return (uint64_t)(((unsigned __int128)1000000 << 32) / khz);
}

static uint64_t instance_ns(const struct boot_clock *b, uint64_t tsc)
{
	return b->mono_ns + (uint64_t)((unsigned __int128)(tsc - b->tsc_ref) * b->mult >> 32);
}

// The vcpu does not run while this does; seq tells a reader that was stopped half-way to read
// again.
static void publish(struct vm_clock *c)
{
	volatile struct boot_clock *g = c->guest;

	c->now.seq += 2;
	g->tsc_ref = c->now.tsc_ref;
	g->mono_ns = c->now.mono_ns;
	g->mult = c->now.mult;
	g->wall_off = c->now.wall_off;
	g->seq = c->now.seq;
}

void vm_clock_start(struct vm_clock *c, struct boot_clock *guest, uint64_t khz)
{
	c->guest = guest;
	c->khz = khz;
	c->host_start = clock_host_ns();
	c->now = (struct boot_clock){ .tsc_ref = __rdtsc(),
				      .mult = rate_of(khz),
				      .wall_off = (int64_t)wall_ns() };
	c->next = c->now.tsc_ref + khz * 1000;
	publish(c);
}

void vm_clock_keep(struct vm_clock *c)
{
	uint64_t tsc = __rdtsc(), own, host, mult;

	if (tsc < c->next)
		return;
	own = instance_ns(&c->now, tsc);
	host = clock_host_ns() - c->host_start;
	mult = rate_of(c->khz);
	if (own <= host)
		own = host;
	else
		mult -= (uint64_t)((unsigned __int128)mult *
				   (own - host < SLEW_MAX ? own - host : SLEW_MAX) / SECOND);
	c->now.tsc_ref = tsc;
	c->now.mono_ns = own;
	c->now.mult = mult;
	c->now.wall_off = (int64_t)(wall_ns() - own);
	c->next = tsc + c->khz * 1000;
	publish(c);
}
