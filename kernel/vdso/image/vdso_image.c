// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The code of the vDSO: clocks from the TSC without a system call. What it does not know it asks by
// system call.
//
// Built as a shared object of its own: no data, no relocations. Names and version as Linux has
// them, because libcs look for them.
#include <stdint.h>

#include <linux/time.h>

#include <pith/boot.h>

#define NR_CLOCK_GETTIME 228
#define NR_CLOCK_GETRES 229
#define NSEC 1000000000ull

// Replaced by the address of the instance's clock when the image is mapped (kernel/vdso/vdso.c:
// CLOCK_MARK).
__asm__(".section .rodata.clock, \"a\"\n\t.balign 8\n"
	"clock_at: .quad 0x6b636f6c636f7376\n\t.previous");
extern const uint64_t clock_at __attribute__((visibility("hidden")));

static long call(long nr, long a, void *b)
{
	long r;

	__asm__ volatile("syscall" : "=a"(r) : "0"(nr), "D"(a), "S"(b) : "rcx", "r11", "memory");
	return r;
}

static uint64_t read_clock(int64_t *wall_off)
{
	const volatile struct boot_clock *c = (const volatile struct boot_clock *)clock_at;
	uint32_t seq, lo, hi;
	uint64_t ns, ticks;

	do {
		seq = c->seq;
		__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
		ticks = ((uint64_t)hi << 32 | lo) - c->tsc_ref;
		ns = c->mono_ns;
		if ((int64_t)ticks > 0)
			ns += (uint64_t)((unsigned __int128)ticks * c->mult >> 32);
		*wall_off = c->wall_off;
	} while (seq != c->seq);
	return ns;
}

#define BIT(clock) (1u << (clock))
#define WALL (BIT(CLOCK_REALTIME) | BIT(CLOCK_REALTIME_COARSE) | BIT(CLOCK_TAI))
#define MONO (BIT(CLOCK_MONOTONIC) | BIT(CLOCK_MONOTONIC_RAW) | BIT(CLOCK_MONOTONIC_COARSE) | \
	      BIT(CLOCK_BOOTTIME))

int __vdso_clock_gettime(int clock, struct timespec *ts)
{
	int64_t wall;
	uint64_t ns;

	if ((unsigned)clock > CLOCK_TAI || !((WALL | MONO) & BIT(clock)))
		return (int)call(NR_CLOCK_GETTIME, clock, ts);
	ns = read_clock(&wall);
	if (WALL & BIT(clock))
		ns += (uint64_t)wall;
	ts->tv_sec = (long)(ns / NSEC);
	ts->tv_nsec = (long)(ns % NSEC);
	return 0;
}

int __vdso_gettimeofday(struct timeval *tv, int32_t *zone)
{
	int64_t wall;
	uint64_t ns = read_clock(&wall) + (uint64_t)wall;

	if (tv) {
		tv->tv_sec = (long)(ns / NSEC);
		tv->tv_usec = (long)(ns % NSEC / 1000);
	}
	if (zone)
		zone[0] = zone[1] = 0;
	return 0;
}

long __vdso_time(long *t)
{
	int64_t wall;
	long now = (long)((read_clock(&wall) + (uint64_t)wall) / NSEC);

	if (t)
		*t = now;
	return now;
}

int __vdso_clock_getres(int clock, struct timespec *ts)
{
	if ((unsigned)clock > CLOCK_TAI || !((WALL | MONO) & BIT(clock)))
		return (int)call(NR_CLOCK_GETRES, clock, ts);
	if (ts) {
		ts->tv_sec = 0;
		ts->tv_nsec = 1;
	}
	return 0;
}

int __vdso_getcpu(uint32_t *cpu, uint32_t *node)
{
	if (cpu)
		*cpu = 0;
	if (node)
		*node = 0;
	return 0;
}
