// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// How fast the TSC and the local APIC's timer run, and what time it is. KVM says both (pvclock:
// Linux, Documentation/virt/kvm/x86/msr.rst and cpuid.rst); else the TSC is measured against ACPI's
// power management timer, else against the programmable interval timer (8254 data sheet), and the
// date is the real-time clock's (MC146818 data sheet).
#include <cpuid.h>

#include <drivers/io.h>
#include <platform/pc/start/start.h>

#define KVM_LEAVES 0x40000000u
#define KVM_CLOCK2 (1u << 3) // of leaf 1 eax
#define MSR_KVM_WALL_CLOCK 0x4b564d00u
#define MSR_KVM_SYSTEM_TIME 0x4b564d01u
#define TIMING_LEAF 0x40000010u // eax: kHz of the TSC, ebx: of the APIC's timer
#define PM_HZ 3579545u
#define PM_MASK 0xffffffu
#define PIT_HZ 1193182u
#define PIT_MASK 0xffffu
#define MEASURE_MS 4
#define APIC_LVT_TIMER 0x320
#define APIC_TIMER_COUNT 0x380
#define APIC_TIMER_NOW 0x390
#define APIC_TIMER_DIVIDE 0x3e0
#define DIVIDE_1 0xb
#define LVT_MASKED 0x10000
#define SECOND 1000000000ull
#define LOOKS 8
#define PATIENCE 1000 // times 8 looks at a timer before it counts as standing still
#define TRIES 8
#define AGREE 2048   // to this part

struct pvclock { // pvclock-abi.h
	uint32_t version, pad;
	uint64_t tsc_timestamp, system_time;
	uint32_t mul;
	int8_t shift;
	uint8_t flags, pad2[2];
};
_Static_assert(sizeof(struct pvclock) == 32, "pvclock_vcpu_time_info");

static void write_msr(uint32_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)));
}

// The base of KVM's leaves, or 0.
static uint32_t kvm_leaves(void)
{
	for (uint32_t base = KVM_LEAVES; base < KVM_LEAVES + 0x1000; base += 0x100) {
		uint32_t a, b, c, d;

		__cpuid(base, a, b, c, d);
		if (b == 0x4b4d564b && c == 0x564b4d56 && d == 0x4d) // "KVMKVMKVM"
			return base;
		if (a < KVM_LEAVES)
			return 0;
	}
	return 0;
}

// The clock that KVM keeps in a page of ours.
static bool read_pvclock(struct start *s, volatile struct pvclock *p)
{
	uint32_t base = kvm_leaves(), a, b, c, d;
	volatile uint32_t *wall = (volatile uint32_t *)(p + 1);

	if (!base)
		return false;
	__cpuid(base + 1, a, b, c, d);
	if (!(a & KVM_CLOCK2))
		return false;
	write_msr(MSR_KVM_SYSTEM_TIME, (uint64_t)p | 1);
	write_msr(MSR_KVM_WALL_CLOCK, (uint64_t)wall);
	if (!p->mul)
		return false;
	// ns = (tsc << shift) * mul >> 32
	s->clock.mult = p->shift >= 0 ? (uint64_t)p->mul << p->shift : p->mul >> -p->shift;
	s->pc.tsc_khz = (uint64_t)(((unsigned __int128)1000000 << 32) / s->clock.mult);
	s->clock.wall_off = (int64_t)(wall[1] * SECOND + wall[2] + p->system_time);
	return true;
}

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
static uint64_t measure_tsc(const struct start *s, uint32_t (*timer)(const struct start *),
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

static void find_tsc(struct start *s)
{
	if (s->pm_timer)
		s->pc.tsc_khz = measure_tsc(s, pm_now, PM_MASK, PM_HZ);
	if (s->pc.tsc_khz)
		return;
	io_out8(0x43, 0x30); // mode 0: down, from 65535, again and again. Its interrupt is masked
	io_out8(0x40, 0xff);
	io_out8(0x40, 0xff);
	s->pc.tsc_khz = measure_tsc(s, pit_now, PIT_MASK, PIT_HZ);
}

static void find_apic(struct start *s)
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

static uint8_t cmos(uint8_t reg)
{
	io_out8(0x70, reg);
	return io_in8(0x71);
}

static int64_t days(int64_t y, unsigned m, unsigned d) // since 1970-01-01, of the Gregorian calendar
{
	y -= m <= 2;
	return 365 * y + y / 4 - y / 100 + y / 400 + (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1 -
	       719468;
}

// Seconds since 1970, or 0: there is no clock.
static int64_t read_rtc(void)
{
	static const uint8_t reg[6] = { 0, 2, 4, 7, 8, 9 }; // seconds ... year
	uint8_t v[6], b;

	for (int tries = 0; cmos(10) & 0x80; tries++) // it is being changed
		if (tries > 100000)
			return 0;
	for (int i = 0; i < 6; i++)
		v[i] = cmos(reg[i]);
	b = cmos(11);
	for (int i = 0; i < 6 && !(b & 4); i++)
		v[i] = (uint8_t)((v[i] >> 4) * 10 + (v[i] & 15)); // BCD
	if (v[4] < 1 || v[4] > 12 || v[3] < 1 || v[3] > 31)
		return 0;
	return ((days(2000 + v[5], v[4], v[3]) * 24 + v[2]) * 60 + v[1]) * 60 + v[0];
}

// page: for pvclock; not moved afterwards.
void clock_read(struct start *s, void *page)
{
	uint32_t a, b, c, d;

	s->clock.tsc_ref = io_tsc();
	if (read_pvclock(s, page)) {
		s->pc.pvclock_va = (uint64_t)page;
	} else {
		__cpuid(KVM_LEAVES, a, b, c, d);
		if (a >= TIMING_LEAF && a < TIMING_LEAF + 0x100) {
			__cpuid(TIMING_LEAF, a, b, c, d);
			s->pc.tsc_khz = a;
			s->pc.apic_khz = b;
		}
		if (!s->pc.tsc_khz)
			find_tsc(s);
		if (!s->pc.tsc_khz)
			start_fail(s, "no clock to measure time with: no kvmclock, no ACPI timer, no "
				      "interval timer (QEMU: pit=on)", "");
		s->clock.mult = (uint64_t)(((unsigned __int128)1000000 << 32) / s->pc.tsc_khz);
		s->clock.wall_off = read_rtc() * (int64_t)SECOND;
		s->clock.tsc_ref = io_tsc();
	}
	find_apic(s);
}
