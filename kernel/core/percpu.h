// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What belongs to one vcpu, reached through GS. Offsets marked so are known to assembly
// (core/entry.S) and to the compiler
// (-mstack-protector-guard=tls -mstack-protector-guard-reg=gs -mstack-protector-guard-offset=40).
#ifndef CORE_PERCPU_H
#define CORE_PERCPU_H

#include <stddef.h>
#include <stdint.h>

struct thread;
struct vcpu_area;

struct percpu {
	struct percpu *self;       // 0
	uint64_t user_rsp;         // 8: scratch of syscall_entry
	uint64_t kstack_top;       // 16: of the current thread
	uint64_t scratch;          // 24: scratch of trap_entry
	struct thread *current;    // 32
	uint64_t canary;           // 40: the stack protector's
	struct vcpu_area *area;    // 48
	uint32_t need_resched;	   // 56: work waits: call return_work() before going back to the
				   // program
	uint32_t idle;             // 60
	uintptr_t text_va; // 64: the library OS's text; traps from elsewhere are the program's
	uintptr_t text_end;        // 72
	uintptr_t emergency_top;   // 80: stack for telling of a kernel stack's overflow
};
_Static_assert(offsetof(struct percpu, current) == 32, "entry.S knows this");
_Static_assert(offsetof(struct percpu, canary) == 40, "the compiler's flags say this");
_Static_assert(offsetof(struct percpu, area) == 48, "entry.S knows this");
_Static_assert(offsetof(struct percpu, need_resched) == 56, "entry.S knows this");
_Static_assert(offsetof(struct percpu, text_va) == 64, "entry.S knows this");
_Static_assert(offsetof(struct percpu, emergency_top) == 80, "entry.S knows this");

extern struct percpu boot_cpu; // core/start.c

static inline struct percpu *percpu(void)
{
	struct percpu *p;

	__asm__ volatile("mov %%gs:0, %0" : "=r"(p));
	return p;
}

static inline struct thread *current(void)
{
	struct thread *t;

	__asm__ volatile("mov %%gs:32, %0" : "=r"(t));
	return t;
}

#endif
