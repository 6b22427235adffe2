// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Call sites: `syscall` instructions that trap become jumps. See patch.c.
#ifndef LINUX_PATCH_H
#define LINUX_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <core/trap.h>

// A call came by a trap, from the `syscall` in front of f->rip: patches what stands before it, if
// it can.
void patch_site(const struct trap_frame *f);

// A program's memory goes (or a process has other memory), and its stubs with it.
struct mm;
void patch_forget(const struct mm *mm);

// The parts that need no machine, for the unit test.
#define PATCH_WINDOW 20  // bytes before the `syscall` that are looked at
#define PATCH_LEN 5      // of a jmp rel32
#define STUB_MAX 40

// An instruction that sets a register: what it must have come to, if that is what was really
// executed.
enum patch_source { PATCH_IMMEDIATE, PATCH_STACK_LOAD, PATCH_STACK_ADDRESS, PATCH_OTHER };
struct patch_instruction {
	unsigned len;
	enum patch_source source;
	unsigned reg;   // 0..15, as the processor numbers them
	bool wide;      // 64 bits
	int32_t value;  // the immediate, or the offset from %rsp
};
// Decodes one of the few instructions that are known to be fine anywhere: moves between registers,
// of constants, and from the stack. false: something else.
bool patch_decode(const uint8_t *code, size_t len, struct patch_instruction *i);
// Is window[PATCH_WINDOW - before .. PATCH_WINDOW) a row of such instructions, of which the first
// has room for a jump?
bool patch_row(const uint8_t window[PATCH_WINDOW], unsigned before,
	       struct patch_instruction *first);

// `jmp rel32` from `from` to `to`; false if it is too far.
bool patch_jump(uint8_t code[PATCH_LEN], uintptr_t from, uintptr_t to);
// The stub at `at`: the row of instructions; mov %eax, %eax; lea back(%rip), %rcx; jmp *slot(%rip).
// Gives its length, 0 if too far.
size_t patch_stub(uint8_t code[STUB_MAX], uintptr_t at, const uint8_t *row, size_t row_len,
		  uintptr_t back, uintptr_t slot);

#endif
