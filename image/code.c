// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Decodes the executable segments from front to back. Data between functions decodes to nonsense that nothing leads to; decoding finds
// its feet again within a few bytes, and function symbols set it right where there are any.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <Zydis/Zydis.h>

#include <image/code.h>

#define CALLER_SAVED 0x0fc7 /* rax rcx rdx rsi rdi r8-r11: psABI, 3.2.1 */

static int by_target(const void *a, const void *b)
{
	const struct edge *x = a, *y = b;

	return x->to < y->to ? -1 : x->to > y->to ? 1 : (x->from > y->from) - (x->from < y->from);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int reg_number(ZydisRegister r)
{
	ZydisRegister full = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, r);

	return full >= ZYDIS_REGISTER_RAX && full <= ZYDIS_REGISTER_R15 ? (int)(full - ZYDIS_REGISTER_RAX) : -1;
}

static bool is_reg(const ZydisDecodedOperand *o)
{
	return o->type == ZYDIS_OPERAND_TYPE_REGISTER && o->size >= 32 && reg_number(o->reg.value) >= 0;
}

static void note_writes(struct insn *n, const ZydisDecodedInstruction *d, const ZydisDecodedOperand *ops)
{
	for (unsigned i = 0; i < d->operand_count; i++) {
		int r = ops[i].type == ZYDIS_OPERAND_TYPE_REGISTER ? reg_number(ops[i].reg.value) : -1;

		if (r >= 0 && (ops[i].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE))
			n->writes |= (uint16_t)(1u << r);
	}
}

static void set_constant(struct insn *n, const ZydisDecodedOperand *dst, uint64_t value)
{
	n->kind = INSN_SET;
	n->dst = (uint8_t)reg_number(dst->reg.value);
	n->value = value;
}

static void classify_move(struct insn *n, const ZydisDecodedOperand *ops)
{
	if (!is_reg(&ops[0]))
		return;
	if (ops[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		set_constant(n, &ops[0], ops[1].imm.value.u);
	} else if (is_reg(&ops[1])) {
		n->kind = INSN_MOVE;
		n->dst = (uint8_t)reg_number(ops[0].reg.value);
		n->src = (uint8_t)reg_number(ops[1].reg.value);
	}
}

static void classify_flow(struct insn *n, const ZydisDecodedInstruction *d, const ZydisDecodedOperand *ops)
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
	}
}

static void classify(struct insn *n, const ZydisDecodedInstruction *d, const ZydisDecodedOperand *ops)
{
	ZyanU64 address;

	note_writes(n, d, ops);
	switch (d->mnemonic) {
	case ZYDIS_MNEMONIC_SYSCALL:
		n->kind = INSN_SYSCALL;
		return;
	case ZYDIS_MNEMONIC_RET: case ZYDIS_MNEMONIC_HLT: case ZYDIS_MNEMONIC_UD2:
		n->kind = INSN_STOP;
		return;
	case ZYDIS_MNEMONIC_MOV:
		classify_move(n, ops);
		return;
	case ZYDIS_MNEMONIC_XOR: case ZYDIS_MNEMONIC_SUB:
		if (is_reg(&ops[0]) && is_reg(&ops[1]) && ops[0].reg.value == ops[1].reg.value)
			set_constant(n, &ops[0], 0);
		return;
	case ZYDIS_MNEMONIC_LEA:
		if (is_reg(&ops[0]) && ZYAN_SUCCESS(ZydisCalcAbsoluteAddress(d, &ops[1], n->addr, &address))) {
			n->kind = INSN_ADDRESS;
			n->dst = (uint8_t)reg_number(ops[0].reg.value);
			n->value = address;
		}
		return;
	default:
		if (d->meta.category == ZYDIS_CATEGORY_CALL || d->meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
		    d->meta.category == ZYDIS_CATEGORY_COND_BR)
			classify_flow(n, d, ops);
	}
}

// push imm8; pop reg is how compilers for size set small constants (musl's own assembly does, too).
static void join_push_pop(struct insn *push, struct insn *pop, const uint8_t *bytes, const uint8_t *pop_bytes)
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

		while (entry < c->entry_count && c->entries[entry] <= n.addr)
			entry++;
		if (grow(c, room))
			return -ENOMEM;
		if (ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, bytes + at, ph->p_filesz - at, &d, ops))) {
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

static int symbol_entries(struct code *c, const struct program *p)
{
	c->entries = malloc((p->symbol_count + 1) * sizeof(*c->entries));
	if (!c->entries)
		return -ENOMEM;
	for (size_t i = 0; i < p->symbol_count; i++)
		if (ELF64_ST_TYPE(p->symbols[i].st_info) == STT_FUNC && p->symbols[i].st_shndx != SHN_UNDEF)
			c->entries[c->entry_count++] = p->symbols[i].st_value;
	qsort(c->entries, c->entry_count, sizeof(*c->entries), by_value);
	return 0;
}

static bool in_text(const struct code *c, uint64_t addr)
{
	return c->count && addr >= c->insns[0].addr && addr <= c->insns[c->count - 1].addr;
}

static int collect_edges(struct code *c)
{
	uint64_t *more;
	size_t calls = 0;

	c->edges = malloc((c->count + 1) * sizeof(*c->edges));
	c->addresses = malloc((c->count + 1) * sizeof(*c->addresses));
	if (!c->edges || !c->addresses)
		return -ENOMEM;
	for (size_t i = 0; i < c->count; i++) {
		const struct insn *n = &c->insns[i];
		struct edge e = { n->value, (uint32_t)i };

		if (!in_text(c, n->value))
			continue;
		if (n->kind == INSN_CALL || n->kind == INSN_JUMP || n->kind == INSN_BRANCH)
			c->edges[c->edge_count++] = e;
		else if (n->kind == INSN_ADDRESS || n->kind == INSN_SET)
			c->addresses[c->address_count++] = e;
		calls += n->kind == INSN_CALL;
	}
	more = realloc(c->entries, (c->entry_count + calls + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	c->entries = more;
	for (size_t i = 0; i < c->edge_count; i++)
		if (c->insns[c->edges[i].from].kind == INSN_CALL)
			c->entries[c->entry_count++] = c->edges[i].to;
	qsort(c->edges, c->edge_count, sizeof(*c->edges), by_target);
	qsort(c->addresses, c->address_count, sizeof(*c->addresses), by_target);
	qsort(c->entries, c->entry_count, sizeof(*c->entries), by_value);
	return 0;
}

int code_read(struct code *c, const struct program *p, struct failure *why)
{
	size_t room = 0;
	int err;

	memset(c, 0, sizeof(*c));
	err = symbol_entries(c, p);
	for (unsigned i = 0; i < p->eh->e_phnum && !err; i++)
		if (p->ph[i].p_type == PT_LOAD && (p->ph[i].p_flags & PF_X))
			err = decode(c, p, &p->ph[i], &room);
	if (!err)
		err = collect_edges(c);
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
	free(c->entries);
	memset(c, 0, sizeof(*c));
}

long code_at(const struct code *c, uint64_t addr)
{
	size_t low = 0, high = c->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c->insns[mid].addr < addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low < c->count && c->insns[low].addr == addr ? (long)low : -1;
}

void code_edges_to(const struct edge *e, size_t count, uint64_t to, size_t *first, size_t *last)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (e[mid].to < to)
			low = mid + 1;
		else
			high = mid;
	}
	*first = low;
	while (low < count && e[low].to == to)
		low++;
	*last = low;
}

uint64_t code_function(const struct code *c, uint64_t addr)
{
	size_t low = 0, high = c->entry_count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (c->entries[mid] <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	return low ? c->entries[low - 1] : 0;
}
