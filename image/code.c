// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Decodes the executable segments from front to back. Data between functions decodes to nonsense
// that nothing leads to; decoding finds its feet again within a few bytes, and function symbols set
// it right where there are any.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <Zydis/Zydis.h>

#include <image/code.h>
#include <image/code_map.h>

#define CALLER_SAVED 0x0fc7 /* rax rcx rdx rsi rdi r8-r11: psABI, 3.2.1 */

static int reg_number(ZydisRegister r)
{
	ZydisRegister full = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, r);

	return full >= ZYDIS_REGISTER_RAX && full <= ZYDIS_REGISTER_R15
		       ? (int)(full - ZYDIS_REGISTER_RAX)
		       : -1;
}

static bool is_reg(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_REGISTER && o->size >= 32 &&
	       reg_number(o->reg.value) >= 0;
}

static bool is_memory(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_MEMORY;
}

static int32_t slot_of(const ZydisDecodedOperand *o)
{
	return is_memory(o) && o->mem.base == ZYDIS_REGISTER_RBP &&
			       o->mem.index == ZYDIS_REGISTER_NONE
		       ? (int32_t)o->mem.disp.value
		       : 0;
}

static void note_writes(struct insn *n, const ZydisDecodedInstruction *d,
			const ZydisDecodedOperand *ops)
{
	for (unsigned i = 0; i < d->operand_count; i++) {
		int r = ops[i].type == ZYDIS_OPERAND_TYPE_REGISTER ? reg_number(ops[i].reg.value)
								   : -1;

		if (r >= 0 && (ops[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			n->writes |= (uint16_t)(1u << r);
		if (is_memory(&ops[i]) && (ops[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			n->slot = slot_of(&ops[i]);
	}
}

static void set_constant(struct insn *n, const ZydisDecodedOperand *dst, uint64_t value)
{
	n->kind = INSN_SET;
	n->dst = (uint8_t)reg_number(dst->reg.value);
	n->value = value;
}

static void set_from(struct insn *n, enum insn_kind kind, const ZydisDecodedOperand *ops)
{
	n->kind = (uint8_t)kind;
	n->dst = (uint8_t)reg_number(ops[0].reg.value);
	if (kind != INSN_LOAD)
		n->src = (uint8_t)reg_number(ops[1].reg.value);
}

// Moves of all widths: what a narrow one cuts off or extends is no part of a call's number.
static void classify_move(struct insn *n, const ZydisDecodedOperand *ops)
{
	// mov $nr,%al comes behind xor %eax,%eax (musl's assembly).
	bool low =
		ops[0].type == ZYDIS_OPERAND_TYPE_REGISTER && ops[0].reg.value == ZYDIS_REGISTER_AL;
	bool to_reg = is_reg(&ops[0]) || low,
	     from_reg = ops[1].type == ZYDIS_OPERAND_TYPE_REGISTER &&
			reg_number(ops[1].reg.value) >= 0;

	if (ops[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE && is_memory(&ops[0])) {
		n->kind = INSN_STORE;
		n->value = ops[1].imm.value.u;
	} else if (to_reg && ops[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		set_constant(n, &ops[0], ops[1].imm.value.u);
	} else if (is_memory(&ops[0]) && from_reg) {
		n->kind = INSN_SAVE;
		n->src = (uint8_t)reg_number(ops[1].reg.value);
	} else if (to_reg && is_memory(&ops[1])) {
		set_from(n, INSN_LOAD, ops);
		n->slot = slot_of(&ops[1]);
	} else if (to_reg && from_reg) {
		set_from(n, INSN_MOVE, ops);
	}
}

static void classify_stack(struct insn *n, const ZydisDecodedOperand *ops)
{
	if (n->kind == INSN_OTHER && ops[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		n->kind = INSN_STORE;
		n->value = ops[0].imm.value.u;
	}
}

// What a following branch tells about a register: equal to value, or not.
static void classify_test(struct insn *n, const ZydisDecodedInstruction *d,
			  const ZydisDecodedOperand *ops)
{
	bool test = d->mnemonic == ZYDIS_MNEMONIC_TEST && is_reg(&ops[1]) &&
		    ops[0].reg.value == ops[1].reg.value;
	bool cmp = d->mnemonic == ZYDIS_MNEMONIC_CMP && ops[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE;

	if (!is_reg(&ops[0]) || !(test || cmp))
		return;
	n->kind = INSN_TEST;
	n->dst = (uint8_t)reg_number(ops[0].reg.value);
	n->value = test ? 0 : ops[1].imm.value.u;
}

static void classify_flow(struct insn *n, const ZydisDecodedInstruction *d,
			  const ZydisDecodedOperand *ops)
{
	ZyanU64 target = 0;

	if (ops[0].type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
		ZydisCalcAbsoluteAddress(d, &ops[0], n->addr, &target);
	n->value = target;
	if (d->meta.category == ZYDIS_CATEGORY_CALL) {
		n->kind = INSN_CALL;
		n->writes = CALLER_SAVED;
	} else {
		n->kind = d->meta.category == ZYDIS_CATEGORY_UNCOND_BR ? INSN_JUMP : INSN_BRANCH;
		n->src = d->mnemonic == ZYDIS_MNEMONIC_JZ    ? BRANCH_EQUAL
			 : d->mnemonic == ZYDIS_MNEMONIC_JNZ ? BRANCH_UNEQUAL
							     : 0;
	}
}

static void classify_lea(struct insn *n, const ZydisDecodedInstruction *d,
			 const ZydisDecodedOperand *ops)
{
	ZyanU64 address;

	n->dst = (uint8_t)reg_number(ops[0].reg.value);
	if (ops[1].mem.base == ZYDIS_REGISTER_RBP) {
		n->kind = INSN_FRAME;
		n->slot = (int32_t)ops[1].mem.disp.value;
	} else if (is_reg(&ops[0]) &&
		   ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(d, &ops[1], n->addr, &address))) {
		n->kind = INSN_ADDRESS;
		n->value = address;
	}
}

static void classify(struct insn *n, const ZydisDecodedInstruction *d,
		     const ZydisDecodedOperand *ops)
{
	note_writes(n, d, ops);
	switch (d->mnemonic) {
	case ZYDIS_MNEMONIC_SYSCALL:
		n->kind = INSN_SYSCALL;
		return;
	case ZYDIS_MNEMONIC_NOP:
		n->kind = INSN_PAD;
		return;
	case ZYDIS_MNEMONIC_RET:
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_INT3: n->kind = INSN_STOP; return;
	case ZYDIS_MNEMONIC_MOV:
	case ZYDIS_MNEMONIC_MOVZX:
	case ZYDIS_MNEMONIC_MOVSX:
	case ZYDIS_MNEMONIC_MOVSXD: classify_move(n, ops); return;
	case ZYDIS_MNEMONIC_PUSH:
		classify_stack(n, ops);
		return;
	case ZYDIS_MNEMONIC_POP:
		if (is_reg(&ops[0]))
			set_from(n, INSN_LOAD, ops);
		return;
	case ZYDIS_MNEMONIC_TEST: case ZYDIS_MNEMONIC_CMP:
		classify_test(n, d, ops);
		return;
	case ZYDIS_MNEMONIC_CDQE: // eax to rax
		n->kind = INSN_MOVE;
		n->dst = n->src = REG_AX;
		return;
	case ZYDIS_MNEMONIC_XOR: case ZYDIS_MNEMONIC_SUB:
		if (is_reg(&ops[0]) && is_reg(&ops[1]) && ops[0].reg.value == ops[1].reg.value)
			set_constant(n, &ops[0], 0);
		return;
	case ZYDIS_MNEMONIC_LEA:
		classify_lea(n, d, ops);
		return;
	default:
		if (d->meta.category == ZYDIS_CATEGORY_CMOV && is_reg(&ops[0]) && is_reg(&ops[1]))
			set_from(n, INSN_CMOV, ops);
		if (d->meta.category == ZYDIS_CATEGORY_CALL ||
		    d->meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
		    d->meta.category == ZYDIS_CATEGORY_COND_BR)
			classify_flow(n, d, ops);
	}
}

// push imm8; pop reg is how compilers for size set small constants (musl's own assembly does, too).
static void join_push_pop(struct insn *push, struct insn *pop, const uint8_t *bytes,
			  const uint8_t *pop_bytes)
{
	bool extended = pop->len == 2 && pop_bytes[0] == 0x41;

	if (push->len != 2 || bytes[0] != 0x6a || !(pop->len == 1 || extended))
		return;
	pop_bytes += extended;
	if ((pop_bytes[0] & 0xf8) != 0x58)
		return;
	pop->kind = INSN_SET;
	pop->dst = (uint8_t)((pop_bytes[0] & 7) + (extended ? 8 : 0));
	pop->value = (uint64_t)(int64_t)(int8_t)bytes[1];
}

static int grow(struct code *c, size_t *room)
{
	struct insn *more;

	if (c->count < *room)
		return 0;
	*room = *room ? *room * 2 : 4096;
	more = realloc(c->insns, *room * sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->insns = more;
	return 0;
}

// Two zero bytes where an instruction begins are padding between functions (as Free Pascal makes
// it; `add %al,(%rax)` is of no use to anybody), with all the zeros that follow. Gives their
// number: an odd one would swallow the start of the next function.
static size_t zeros_at(const uint8_t *bytes, size_t left)
{
	size_t n = 0;

	while (n < left && n < UINT8_MAX && !bytes[n])
		n++;
	return n > 1 ? n : 0;
}

// Decoding restarts at each known function, in case it ran askew through data before.
static int decode(struct code *c, const struct program *p, const Elf64_Phdr *ph, size_t *room)
{
	ZydisDecoder decoder;
	size_t at = 0, entry = 0;
	const uint8_t *bytes = p->map + ph->p_offset, *before = NULL;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	while (entry < c->entry_count && c->entries[entry] < ph->p_vaddr)
		entry++;
	while (at < ph->p_filesz) {
		ZydisDecodedInstruction d;
		ZydisDecodedOperand ops[ZYDIS_MAX_OPERAND_COUNT];
		struct insn n = { .addr = ph->p_vaddr + at, .len = 1 };
		size_t zeros = zeros_at(bytes + at, ph->p_filesz - at);

		while (entry < c->entry_count && c->entries[entry] <= n.addr)
			entry++;
		if (grow(c, room))
			return -ENOMEM;
		if (zeros) {
			n.len = (uint8_t)zeros;
			n.kind = INSN_STOP;
		} else if (ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes + at, ph->p_filesz - at, &d,
							ops))) {
			n.len = d.length;
			classify(&n, &d, ops);
		} else {
			n.kind = INSN_STOP;
		}
		if (entry < c->entry_count && n.addr + n.len > c->entries[entry]) {
			n.len = (uint8_t)(c->entries[entry] - n.addr);
			n.kind = INSN_STOP;
		}
		if (before && c->count)
			join_push_pop(&c->insns[c->count - 1], &n, before, bytes + at);
		before = bytes + at;
		c->insns[c->count++] = n;
		at += n.len;
	}
	return 0;
}

int code_read(struct code *c, const struct program *p, struct failure *why)
{
	size_t room = 0;
	int err;

	memset(c, 0, sizeof(*c));
	err = map_symbols(c, p);
	for (unsigned i = 0; i < p->eh->e_phnum && !err; i++)
		if (p->ph[i].p_type == PT_LOAD && (p->ph[i].p_flags & PF_X))
			err = decode(c, p, &p->ph[i], &room);
	if (!err)
		err = map_flow(c, p);
	if (err) {
		code_free(c);
		failure_errno(why, err, "%s: cannot decode its %zu bytes", p->path, p->len);
	}
	return err;
}

void code_free(struct code *c)
{
	free(c->insns);
	free(c->edges);
	free(c->addresses);
	free(c->pointers);
	free(c->entries);
	memset(c, 0, sizeof(*c));
}
