// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A program's instructions, reduced to what the search for system calls needs: where constants come
// from and where control goes.
#ifndef IMAGE_CODE_H
#define IMAGE_CODE_H

#include <image/program.h>

enum insn_kind {
	INSN_OTHER,   // computes the registers in `writes`
	INSN_SET,     // reg dst = value
	INSN_MOVE,    // reg dst = reg src
	INSN_CMOV,    // the same, or not
	INSN_LOAD,    // reg dst = memory
	INSN_STORE,   // memory = value
	INSN_SAVE,    // memory = reg src
	INSN_FRAME,   // reg dst = address of the slot
	INSN_SYSCALL,
	INSN_CALL,    // to value, or 0 if not known
	INSN_JUMP,    // unconditional, to value or 0
	INSN_BRANCH,  // conditional, to value
	INSN_STOP,    // ret, hlt, ud2
	INSN_PAD,     // nop
	INSN_TEST,    // compares reg dst with value
	INSN_ADDRESS, // reg dst = address `value` (lea, or a mov of an address)
};

enum { BRANCH_EQUAL = 1, BRANCH_UNEQUAL };

struct insn {
	uint64_t addr;
	uint64_t value;
	int32_t slot;	 // distance from rbp of the memory that is loaded, written or named; 0:
			 // elsewhere
	uint16_t writes; // registers, bit n as in REX encoding: rax rcx rdx rbx rsp rbp rsi rdi
			 // r8..r15
	uint8_t kind, len, dst, src; // src of an INSN_BRANCH: when it is taken, BRANCH_* or 0
};

enum { REG_AX, REG_CX, REG_DX, REG_BX, REG_SP_, REG_BP, REG_SI, REG_DI, REG_8, REG_9 };

struct edge {
	uint64_t to;    // address
	uint32_t from;  // index of the insn
};

struct code {
	struct insn *insns;
	size_t count;
	struct edge *edges;     // calls, jumps, branches: sorted by target
	size_t edge_count;
	struct edge *addresses; // instructions that name code other than to go there: sorted by
				// target
	size_t address_count;
	uint64_t *pointers; // words of the program that hold addresses of instructions: function
			    // pointers, jump tables; sorted
	size_t pointer_count;
	uint64_t *entries; // starts of functions: symbols, call targets and, without symbols, what
			   // is named; sorted
	size_t entry_count;
	uint64_t elf_entry;
	bool has_symbols;       // then entries are no guesses
};

int code_read(struct code *c, const struct program *p, struct failure *why); // 0 or -ENOMEM
void code_free(struct code *c);
// Index of the instruction at an address, or -1.
long code_at(const struct code *c, uint64_t addr);
// Range [first, last) of edges to an address.
void code_edges_to(const struct edge *e, size_t count, uint64_t to, size_t *first, size_t *last);
// Does anything hold the address of this instruction: an instruction, a word of data, the ELF
// header?
bool code_is_named(const struct code *c, uint64_t addr);
// Does the function keep its frame in rbp? Then slots of its instructions are its variables.
bool code_has_frame(const struct code *c, uint64_t function);
// Start of the function that an address is in, or 0.
uint64_t code_function(const struct code *c, uint64_t addr);
// Does anything call this function, go to it or name it? If not, it never runs.
bool code_is_live(const struct code *c, uint64_t function);

#endif
