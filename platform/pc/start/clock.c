// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// How fast the TSC and the local APIC's timer run, and what time it is. KVM says both (pvclock:
// Linux, Documentation/virt/kvm/x86/msr.rst and cpuid.rst); else the TSC is measured (measure.c),
// and the date is the real-time clock's (rtc.c).
#include <drivers/io.h>
#include <platform/pc/pvclock.h>
#include <platform/pc/start/privileged.h>
#include <platform/pc/start/start.h>

#define KVM_LEAVES 0x40000000u
#define KVM_CLOCK2 (1u << 3) // of leaf 1 eax
#define MSR_KVM_WALL_CLOCK 0x4b564d00u
#define MSR_KVM_SYSTEM_TIME 0x4b564d01u
#define TIMING_LEAF 0x40000010u // eax: kHz of the TSC, ebx: of the APIC's timer
#define SECOND 1000000000ull

// The base of KVM's leaves, or 0.
static uint32_t kvm_leaves(void)
{
	for (uint32_t base = KVM_LEAVES; base < KVM_LEAVES + 0x1000; base += 0x100) {
		struct cpuid id = cpuid(base, 0);

		if (id.ebx == 0x4b4d564b && id.ecx == 0x564b4d56 && id.edx == 0x4d) // "KVMKVMKVM"
			return base;
		if (id.eax < KVM_LEAVES)
			return 0;
	}
	return 0;
}

// The clock that KVM keeps in a page of ours.
static bool read_pvclock(struct start *s, volatile struct pvclock *p)
{
	uint32_t base = kvm_leaves();
	volatile uint32_t *wall = (volatile uint32_t *)(p + 1);

	if (!base || !(cpuid(base + 1, 0).eax & KVM_CLOCK2))
		return false;
	msr_write(MSR_KVM_SYSTEM_TIME, (uint64_t)p | 1);
	msr_write(MSR_KVM_WALL_CLOCK, (uint64_t)wall);
	s->clock.mult = pvclock_mult(p);
	if (!s->clock.mult)
		return false;
	s->pc.tsc_khz = (uint64_t)(((unsigned __int128)1000000 << 32) / s->clock.mult);
	s->clock.wall_off = (int64_t)(wall[1] * SECOND + wall[2] + p->system_time);
	return true;
}

// page: for pvclock; not moved afterwards.
void clock_read(struct start *s, void *page)
{
	struct cpuid id;

	s->clock.tsc_ref = io_tsc();
	if (read_pvclock(s, page)) {
		s->pc.pvclock_va = (uint64_t)page;
	} else {
		id = cpuid(KVM_LEAVES, 0);
		if (id.eax >= TIMING_LEAF && id.eax < TIMING_LEAF + 0x100) {
			id = cpuid(TIMING_LEAF, 0);
			s->pc.tsc_khz = id.eax;
			s->pc.apic_khz = id.ebx;
		}
		if (!s->pc.tsc_khz)
			measure_tsc(s);
		if (!s->pc.tsc_khz)
			start_fail(s, "no clock to measure time with: no kvmclock, no ACPI timer, no "
				      "interval timer (QEMU: pit=on)", "");
		s->clock.mult = (uint64_t)(((unsigned __int128)1000000 << 32) / s->pc.tsc_khz);
		s->clock.wall_off = rtc_read() * (int64_t)SECOND;
		s->clock.tsc_ref = io_tsc();
	}
	measure_apic(s);
}
