// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// privileged.h: instructions that are not for CPL 3.
#include <nucleus/cpu.h>
#include <nucleus/layout.h>
#include <platform/pc/start/privileged.h>

static uint64_t read(uint64_t msr, uint64_t unused)
{
	uint32_t lo, hi;

	(void)unused;
	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"((uint32_t)msr));
	return (uint64_t)hi << 32 | lo;
}

static uint64_t write(uint64_t msr, uint64_t v)
{
	__asm__ volatile("wrmsr" ::"c"((uint32_t)msr), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)));
	return 0;
}

static uint64_t identify(uint64_t at, uint64_t unused)
{
	struct cpuid *r = (struct cpuid *)at;

	(void)unused;
	__asm__ volatile("cpuid" : "+a"(r->eax), "=b"(r->ebx), "+c"(r->ecx), "=d"(r->edx));
	return 0;
}

struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid r = { .eax = leaf, .ecx = subleaf };

	privileged(identify, (uint64_t)&r, 0);
	return r;
}

uint64_t msr_read(uint32_t msr)
{
	return privileged(read, msr, 0);
}

void msr_write(uint32_t msr, uint64_t v)
{
	privileged(write, msr, v);
}

// Where `syscall` goes to: gives CS in eax, and goes back.
extern const char syscall_lands[] __attribute__((visibility("hidden")));
__asm__("syscall_lands: mov %cs, %eax; test $3, %al; jnz 1f; sysretq; 1: jmp *%rcx");

bool syscall_stays(void)
{
	uint32_t cs;

	msr_write(MSR_EFER, EFER_BITS);
	msr_write(MSR_STAR, STAR_BITS);
	msr_write(MSR_LSTAR, (uint64_t)syscall_lands);
	__asm__ volatile("syscall" : "=a"(cs)::"rcx", "r11", "cc", "memory");
	return cs & 3;
}

// A fault without a gate makes the processor shut down.
static uint64_t fault(uint64_t a, uint64_t b)
{
	static const struct table_register no_idt;

	__asm__ volatile("lidt %0; ud2" ::"m"(no_idt));
	return a + b;
}

void shut_down(void)
{
	privileged(fault, 0, 0);
	__builtin_unreachable();
}
