// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// How fast the TSC runs, against a timer whose rate is known: ACPI's power management timer (ACPI
// 4.8.2.1), else the programmable interval timer (8254 data sheet); and the local APIC's timer
// against the TSC.
#include <drivers/io.h>
#include <platform/pc/start/start.h>

#define PM_HZ 3579545u
#define PM_MASK 0xffffffu
#define PIT_HZ 1193182u
#define PIT_MASK 0xffffu
#define MEASURE_MS 4
#define LOOKS 8
#define PATIENCE 1000 // times 8 looks at a timer before it counts as standing still
#define TRIES 8
#define AGREE 2048 // to this part
#define APIC_LVT_TIMER 0x320
#define APIC_TIMER_COUNT 0x380
#define APIC_TIMER_NOW 0x390
#define APIC_TIMER_DIVIDE 0x3e0
#define DIVIDE_1 0xb
#define LVT_MASKED 0x10000

static uint32_t pm_now(const struct start *s)
{
	return io_in32(s->pm_timer) & PM_MASK;
}

// Channel 0 of the interval timer, as if it counted up.
static uint32_t pit_now(const struct start *s)
{
	uint8_t low;

	io_out8(0x43, 0); // latch channel 0
	low = io_in8(0x40);
	return PIT_MASK & ~(uint32_t)(low | io_in8(0x40) << 8);
}

static uint32_t apic_now(const struct start *s)
{
	return ~mmio_read32(s->apic + APIC_TIMER_NOW);
}

struct moment {
	uint64_t tsc;
	uint32_t timer;
};

// A timer and the TSC together: the quickest of some looks, because a host that lets others run in
// the middle of one makes it worthless.
static struct moment look(const struct start *s, uint32_t (*timer)(const struct start *))
{
	struct moment m = { 0, 0 };
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < LOOKS; i++) {
		uint64_t tsc = io_tsc(), took;
		uint32_t now = timer(s);

		took = io_tsc() - tsc;
		if (took >= best)
			continue;
		best = took;
		m = (struct moment){ tsc + took / 2, now };
	}
	return m;
}

// Ticks of the TSC for 65536 of a timer, over at least so many of both; 0: the timer stands still.
static uint64_t measure(const struct start *s, uint32_t (*timer)(const struct start *),
			uint32_t mask, uint32_t ticks, uint64_t tsc)
{
	struct moment from = look(s, timer), to;
	uint32_t n = 0;

	do {
		to = look(s, timer);
		to.timer = (to.timer - from.timer) & mask;
		to.tsc -= from.tsc;
		if (!to.timer && ++n > PATIENCE)
			return 0;
	} while (to.timer < ticks || to.tsc < tsc);
	return (to.tsc << 16) / to.timer;
}

// Until two agree: who sleeps through a whole turn of the timer finds the TSC too fast.
static uint64_t measure_khz(const struct start *s, uint32_t (*timer)(const struct start *),
			    uint32_t mask, uint32_t hz)
{
	uint64_t best = UINT64_MAX, r = 0;

	for (int i = 0; i < TRIES; i++) {
		r = measure(s, timer, mask, hz * MEASURE_MS / 1000, 0);
		if (r >= best - best / AGREE && r <= best + best / AGREE)
			break;
		best = r < best ? r : best;
	}
	return ((r < best ? r : best) * hz >> 16) / 1000;
}

void measure_tsc(struct start *s)
{
	if (s->pm_timer)
		s->pc.tsc_khz = measure_khz(s, pm_now, PM_MASK, PM_HZ);
	if (s->pc.tsc_khz)
		return;
	io_out8(0x43, 0x30); // mode 0: down, from 65535, again and again. Its interrupt is masked
	io_out8(0x40, 0xff);
	io_out8(0x40, 0xff);
	s->pc.tsc_khz = measure_khz(s, pit_now, PIT_MASK, PIT_HZ);
}

void measure_apic(struct start *s)
{
	uint64_t r;

	mmio_write32(s->apic + APIC_TIMER_DIVIDE, DIVIDE_1);
	if (!s->pc.apic_khz) {
		mmio_write32(s->apic + APIC_LVT_TIMER, LVT_MASKED);
		mmio_write32(s->apic + APIC_TIMER_COUNT, 0xffffffff);
		r = measure(s, apic_now, 0xffffffff, 1, s->pc.tsc_khz);
		s->pc.apic_khz = r ? (s->pc.tsc_khz << 16) / r : 0;
	}
	if (!s->pc.apic_khz)
		start_fail(s, "the local APIC's timer stands still", "");
	mmio_write32(s->apic + APIC_TIMER_COUNT, 0);
}
