// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
#include <time.h>
#include <x86intrin.h>

#include <monitor/clock.h>

#define SECOND 1000000000ull
#define MEASURE_NS 500000 // at least this long between the two moments

struct moment {
	uint64_t tsc, ns;
};

static struct moment first;

static uint64_t host_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

uint64_t clock_host_ns(void)
{
	return host_ns(CLOCK_MONOTONIC);
}

// Both clocks at one moment: the best of a few tries.
static struct moment now(void)
{
	struct moment best = { 0, 0 };
	uint64_t width = UINT64_MAX;

	for (int i = 0; i < 5; i++) {
		uint64_t before = __rdtsc(), ns = host_ns(CLOCK_MONOTONIC), after = __rdtsc();

		if (after - before < width) {
			width = after - before;
			best = (struct moment){ before + width / 2, ns };
		}
	}
	return best;
}

void clock_mark(void)
{
	first = now();
}

static void start(struct boot_clock *c, uint64_t mult)
{
	struct moment at = now();

	c->tsc_ref = at.tsc;
	c->mono_ns = 0;
	c->mult = mult;
	c->wall_off = (int64_t)host_ns(CLOCK_REALTIME);
}

void clock_fill(struct boot_clock *c)
{
	struct moment second;

	if (!first.tsc)
		clock_mark();
	do
		second = now();
	while (second.ns - first.ns < MEASURE_NS);
	start(c, (uint64_t)(((unsigned __int128)(second.ns - first.ns) << 32) /
			    (second.tsc - first.tsc)));
}

void clock_fill_khz(struct boot_clock *c, uint64_t khz)
{
	start(c, (uint64_t)(((unsigned __int128)1000000 << 32) / khz));
}
