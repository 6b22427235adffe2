// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Interrupt controllers: the local APIC (Intel SDM vol. 3, chapter 11), the I/O APICs (82093AA data
// sheet), and the old ones (8259A), which are silenced.
#include <drivers/io.h>
#include <nucleus/cpu.h>
#include <platform/pc/start/privileged.h>
#include <platform/pc/start/start.h>

#define APIC_ENABLE (1u << 11)
#define APIC_X2 (1u << 10)
#define APIC_DEFAULT 0xfee00000ull
#define IOAPIC_DEFAULT 0xfec00000ull
#define APIC_ID 0x20
#define APIC_TPR 0x80
#define APIC_SPURIOUS 0xf0
#define APIC_LVT_TIMER 0x320
#define APIC_LVT_LINT0 0x350
#define APIC_LVT_LINT1 0x360
#define APIC_TIMER_COUNT 0x380
#define LVT_MASKED 0x10000
#define TIMER_PERIODIC 0x20000
#define IOAPIC_VERSION 1
#define IOAPIC_ENTRY(n) (0x10 + 2 * (n))

void apic_open(struct start *s)
{
	uint32_t lo = (uint32_t)msr_read(MSR_APIC_BASE);

	if (lo & APIC_X2) { // back to registers in memory goes by way of off
		msr_write(MSR_APIC_BASE, APIC_DEFAULT);
		lo = APIC_DEFAULT;
	}
	if (!(lo & APIC_ENABLE))
		msr_write(MSR_APIC_BASE, (lo & ~0xfffu) | APIC_ENABLE);
	s->apic = lo & ~0xfffu;
	mmio_write32(s->apic + APIC_SPURIOUS, 0x100 | NUCLEUS_SPURIOUS_VECTOR);
	mmio_write32(s->apic + APIC_TPR, 0);
	mmio_write32(s->apic + APIC_LVT_TIMER, LVT_MASKED);
	mmio_write32(s->apic + APIC_LVT_LINT0, LVT_MASKED);
	mmio_write32(s->apic + APIC_LVT_LINT1, LVT_MASKED);
	s->apic_id = mmio_read32(s->apic + APIC_ID) >> 24;
	if (!s->ioapic_count)
		s->ioapic[s->ioapic_count++].at = IOAPIC_DEFAULT;
}

// From the first instruction of the library OS on; the nucleus does the same after each idle.
void apic_tick(struct start *s, uint32_t count)
{
	mmio_write32(s->apic + APIC_LVT_TIMER, TRAP_TICK | TIMER_PERIODIC);
	mmio_write32(s->apic + APIC_TIMER_COUNT, count);
}

static uint32_t ioapic_get(uint64_t at, uint32_t reg)
{
	mmio_write32(at, reg);
	return mmio_read32(at + 0x10);
}

static void ioapic_set(uint64_t at, uint32_t reg, uint32_t v)
{
	mmio_write32(at, reg);
	mmio_write32(at + 0x10, v);
}

void apic_line(struct start *s, uint32_t irq)
{
	for (unsigned i = 0; i < s->ioapic_count; i++) {
		struct ioapic *io = &s->ioapic[i];
		uint32_t n = irq - io->first;

		if (irq < io->first || n > (ioapic_get(io->at, IOAPIC_VERSION) >> 16 & 0xff))
			continue;
		ioapic_set(io->at, IOAPIC_ENTRY(n) + 1, s->apic_id << 24);
		ioapic_set(io->at, IOAPIC_ENTRY(n), NUCLEUS_DEVICE_VECTOR); // edge, active high
		return;
	}
}
