// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The registers of an interrupted or calling context, as core/entry.S pushes them on the kernel
// stack of the thread. For a thread that came from the program it is at the very top of its stack:
// thread->frame.
#ifndef CORE_TRAP_H
#define CORE_TRAP_H

#include <stddef.h>
#include <stdint.h>

#include <pith/boot.h>

struct trap_frame {
	uint64_t r15, r14, r13, r12, rbp, rbx;       // 0..40
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi; // 48..112
	uint64_t nr;      // 120: system call number, or -1 for a trap (then iretq is the way back)
	uint64_t vector;  // 128
	uint64_t error;   // 136
	uint64_t cr2;     // 144
	uint64_t pad;     // 152
	uint64_t rip, cs, rflags, rsp, ss; // 160..192: as IRETQ takes it
};
_Static_assert(offsetof(struct trap_frame, rip) == 160, "entry.S knows this");
_Static_assert(sizeof(struct trap_frame) == 200, "entry.S knows this");

#define USER_CS 0x33 /* as Linux has them: arch/x86/include/asm/segment.h; programs expect them */
#define USER_SS 0x2b

void syscall_entry(void); // assembly; core/entry.S
void syscall_entry_fast(void); // where patched call sites arrive
void trap_entry(void);
void frame_return(struct trap_frame *f) __attribute__((noreturn)); // leaves the library OS with the
								   // registers of f

// Called by entry.S. The frame says it all; both return to restore the frame.
void syscall_dispatch(struct trap_frame *f); // linux/dispatch.c: f->rax = result, then signals,
					     // preemption
void trap_dispatch(struct trap_frame *f);         // core/trap.c

// A fault in the library OS while it touched the program's memory: the functions of
// core/user_copy.S say where to go on. Gives the address to resume at, or 0 if rip is none of them.
uintptr_t user_fixup(uintptr_t rip);

#endif
