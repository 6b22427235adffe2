// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The processor: what it must have, random numbers, and the last step, which leaves for CPL 3 and
// does not come back. Constants are those of the Intel SDM vol. 3 (2.5 control registers, 13.3 XCR0,
// 2.2.1 EFER) and vol. 2 (CPUID, RDRAND).
#include <drivers/io.h>
#include <nucleus/cpu.h>
#include <platform/pc/start/privileged.h>
#include <platform/pc/start/start.h>

#define TOP_BITS 47       // of an address that is mapped to itself, with tables of four levels

// QEMU's emulation reads the frame of an IRETQ at CPL 3 as if it were at CPL 0 (seen in 7.2), which
// SMAP does not let it.
static bool is_tcg(void)
{
	return cpuid(0x40000000u, 0).ebx == 0x54474354; // "TCGTCGTCGTCG"
}

void cpu_check(struct start *s)
{
	struct cpuid id = cpuid(1, 0);

	if (!(id.ecx & 1u << 26))
		start_fail(s, "this processor lacks XSAVE (QEMU: -cpu max)", "");
	s->has_rdrand = id.ecx & 1u << 30;
	id = cpuid(7, 0);
	if (!(id.ebx & 1))
		start_fail(s, "this processor lacks FSGSBASE (QEMU: -cpu max)", "");
	s->cr4 = CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT | CR4_OSXSAVE | CR4_FSGSBASE |
		 (id.ebx & 1u << 7 ? CR4_SMEP : 0) | (id.ebx & 1u << 20 && !is_tcg() ? CR4_SMAP : 0) |
		 (id.ecx & 1u << 2 ? CR4_UMIP : 0);
	s->xcr0 = cpuid(0xd, 0).eax & XCR0_BITS;
	if ((s->xcr0 & 0xe4) != 0xe4)
		s->xcr0 &= 7;
	id = cpuid(0x80000001u, 0);
	if (!(id.edx & 1u << 20))
		start_fail(s, "this processor lacks NX (QEMU: -cpu max)", "");
	s->has_1g = id.edx & 1u << 26;
	s->slow = syscall_stays();
	id = cpuid(0x80000008u, 0);
	s->top = 1ull << ((id.eax & 0xff) < TOP_BITS ? id.eax & 0xff : TOP_BITS);
}

static uint64_t mix(uint64_t x) // the finaliser of MurmurHash3
{
	x = (x ^ x >> 33) * 0xff51afd7ed558ccdull;
	x = (x ^ x >> 33) * 0xc4ceb9fe1a85ec53ull;
	return x ^ x >> 33;
}

static bool rdrand(uint64_t *v)
{
	uint8_t ok = 0;

	for (int i = 0; i < 10 && !ok; i++)
		__asm__ volatile("rdrand %0; setc %1" : "=r"(*v), "=qm"(ok)::"cc");
	return ok;
}

// Where the processor has no random numbers, the time that devices take is all there is; a virtio
// rng is mixed in later.
void entropy_fill(struct start *s)
{
	uint64_t *to = (uint64_t *)&s->random, pool = io_tsc(), v = 0;

	for (size_t i = 0; i < sizeof(s->random) / sizeof(*to); i++) {
		for (int k = 0; k < 8; k++) {
			io_in8(0x61); // a device's register: leaves the guest
			pool = mix(pool ^ io_tsc());
		}
		if (s->has_rdrand)
			s->has_rdrand = rdrand(&v);
		to[i] = mix(pool + i) ^ v;
	}
	if (!s->has_rdrand)
		start_note(s, "this processor has no random numbers; give the machine a virtio-rng", "");
}

// The frame that is on the nucleus's stack leads to CPL 3. SMEP and SMAP come with it: here every page
// is for CPL 3.
static uint64_t enter(uint64_t start, uint64_t unused)
{
	struct start *s = (struct start *)start;
	struct nucleus_data *d = s->nucleus.data;
	uint64_t va = s->nucleus.va, data = va + NUCLEUS_DATA, cr3;
	struct table_register gdtr = { sizeof(d->gdt) - 1, data + offsetof(struct nucleus_data, gdt) };

	(void)unused;
	__asm__ volatile("mov %%cr3, %0; mov %0, %%cr3" : "=r"(cr3)::"memory");
	__asm__ volatile("mov %0, %%cr4" ::"r"(s->cr4 & ~(CR4_SMEP | CR4_SMAP)));
	__asm__ volatile("xsetbv" ::"c"(0), "a"((uint32_t)s->xcr0), "d"(0));
	__asm__ volatile("lgdt %0; lidt %1" ::"m"(gdtr), "m"(d->idtr));
	__asm__ volatile("ltr %w0; mov %w1, %%ds; mov %w1, %%es; mov %w1, %%fs; mov %w1, %%gs; "
			 "mov %w2, %%ss" ::"r"(SEL_TSS), "r"(0), "r"(SEL_KERNEL_SS));
	apic_tick(s, d->pc.tick_count); // not before: there is no gate for it in stage one
	__asm__ volatile("mov %0, %%rsp; jmp *%1" ::"r"(data + offsetof(struct nucleus_data, start)),
			 "r"(va + NUCLEUS_CODE + NUCLEUS_PC_ENTER), "D"(s->nucleus.pt.root),
			 "S"(s->loaded.boot_va), "d"(s->cr4)
			 : "memory");
	__builtin_unreachable();
}

void cpu_enter(struct start *s)
{
	uint64_t *own = (uint64_t *)s->boot->tables, *its = (uint64_t *)s->nucleus.pt.root;
	unsigned top = s->nucleus.va >> 39 & 511;

	own[top] = its[top]; // the nucleus as it will be, beside what is mapped now
	msr_write(MSR_LSTAR, s->slow ? s->loaded.syscall_entry : s->nucleus.va + NUCLEUS_CODE);
	msr_write(MSR_SFMASK, SFMASK_BITS | (s->slow ? 0 : SFMASK_IF));
	privileged(enter, (uint64_t)s, 0);
	__builtin_unreachable();
}
