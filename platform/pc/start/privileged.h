// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the start-up code does at CPL 0. All else of it is at CPL 3 (include/pith/stage1.h), because some
// KVM hosts emulate every instruction at CPL 0, which takes a thousand times as long.
#ifndef PC_START_PRIVILEGED_H
#define PC_START_PRIVILEGED_H

#include <stdbool.h>
#include <stdint.h>

#include <pith/stage1.h>

// f(a, b) at CPL 0.
static inline uint64_t privileged(uint64_t (*f)(uint64_t, uint64_t), uint64_t a, uint64_t b)
{
	uint64_t result = STAGE1_CALL;

	__asm__ volatile("ud2"
			 : "+a"(result), "+D"(f), "+S"(a), "+d"(b)
			 :
			 : "rcx", "r8", "r9", "r10", "r11", "cc", "memory");
	return result;
}

// CPUID is the machine's at CPL 0 only: where CPL 0 is emulated, CPL 3 sees the host's.
struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};
struct cpuid cpuid(uint32_t leaf, uint32_t subleaf);
uint64_t msr_read(uint32_t msr);
void msr_write(uint32_t msr, uint64_t v);
// Whether `syscall` stays at CPL 3, as it does where CPL 0 is emulated (docs/platform.md). Sets EFER and
// STAR as they are to be.
bool syscall_stays(void);
// Resets the machine.
void shut_down(void) __attribute__((noreturn));

#endif
