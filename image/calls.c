// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The search: from each `syscall` back along the flow of control to where its number was put into rax.
//
// A value is followed through moves between registers, over jumps, and from the start of a function to every place that calls it
// (libc's wrappers take the number as an argument). Where it goes through memory, or the function is only called through a pointer,
// any constant that reaches an argument register of the function (or of those that name it) counts: too many calls rather than
// one too few. If even that finds nothing, the program can make every call.
//
// A number is only missed if the program computes it; then the instance says at run time which call is missing and how to add it.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <image/calls.h>
#include <image/code.h>

#define MAX_DEPTH 4 // functions followed through pointers
#define NR_SOCKET 41
#define NR_SOCKETPAIR 53
#define FAMILY_UNIX 1
#define FAMILY_INET 2
#define FAMILY_INET6 10

struct search {
	const struct code *code;
	uint16_t *visited;    // per instruction: registers whose value before it has been asked for
	uint32_t *touched;    // instructions with a bit in visited
	size_t touched_count;
	uint32_t *work;       // pairs (instruction, register)
	size_t work_count, work_room;
	bool *out;            // constants found, CALLS_MAX of them
	unsigned found;
	bool lost;            // some way back ended where nothing is known
	uint64_t lost_in;     // in this function
	bool failed;          // no memory
};

static void ask(struct search *s, size_t insn, unsigned reg)
{
	if (s->visited[insn] & 1u << reg)
		return;
	if (s->work_count == s->work_room) {
		size_t room = s->work_room ? s->work_room * 2 : 1024;
		uint32_t *more = realloc(s->work, room * 2 * sizeof(*more));

		if (!more) {
			s->failed = true;
			return;
		}
		s->work = more;
		s->work_room = room;
	}
	if (!s->visited[insn])
		s->touched[s->touched_count++] = (uint32_t)insn;
	s->visited[insn] |= (uint16_t)(1u << reg);
	s->work[2 * s->work_count] = (uint32_t)insn;
	s->work[2 * s->work_count + 1] = reg;
	s->work_count++;
}

static void found(struct search *s, uint64_t value)
{
	s->found++;
	if ((uint32_t)value < CALLS_MAX)
		s->out[(uint32_t)value] = true;
}

static void lose(struct search *s, size_t insn)
{
	s->lost = true;
	s->lost_in = code_function(s->code, s->code->insns[insn].addr);
}

// What instruction `from`, which control comes from, does to the register.
static void through(struct search *s, size_t from, unsigned reg)
{
	const struct insn *n = &s->code->insns[from];

	if ((n->kind == INSN_SET || n->kind == INSN_ADDRESS) && n->dst == reg)
		found(s, n->value);
	else if (n->kind == INSN_MOVE && n->dst == reg)
		ask(s, from, n->src);
	else if (n->writes & 1u << reg)
		lose(s, from);
	else
		ask(s, from, reg);
}

// Nobody goes here by address: the target of a jump table, so control comes from the indirect jumps of the function. Where there
// are none it is padding, which never runs.
static void from_tables(struct search *s, size_t insn, unsigned reg)
{
	const struct code *c = s->code;
	uint64_t start = code_function(c, c->insns[insn].addr);

	for (long i = code_at(c, start); i >= 0 && (size_t)i < c->count && code_function(c, c->insns[i].addr) == start; i++)
		if (c->insns[i].kind == INSN_JUMP && !c->insns[i].value)
			ask(s, (size_t)i, reg);
}

// Who goes to this instruction: the one before it, and all jumps and calls to it.
static void step(struct search *s, size_t insn, unsigned reg)
{
	const struct code *c = s->code;
	const struct insn *before = insn ? &c->insns[insn - 1] : NULL;
	bool entry = code_function(c, c->insns[insn].addr) == c->insns[insn].addr, any = false;
	size_t first, last;

	if (before && before->kind != INSN_STOP && before->kind != INSN_JUMP && !entry) {
		any = true;
		through(s, insn - 1, reg);
	}
	code_edges_to(c->edges, c->edge_count, c->insns[insn].addr, &first, &last);
	for (size_t e = first; e < last; e++) {
		any = true;
		// The call itself changes nothing before its target runs.
		ask(s, c->edges[e].from, reg);
	}
	if (any)
		return;
	if (entry)
		lose(s, insn); // called through a pointer, or from nowhere
	else
		from_tables(s, insn, reg);
}

static void run(struct search *s)
{
	while (s->work_count && !s->failed) {
		uint32_t insn = s->work[2 * --s->work_count], reg = s->work[2 * s->work_count + 1];

		step(s, insn, reg);
	}
}

static void reset(struct search *s)
{
	while (s->touched_count)
		s->visited[s->touched[--s->touched_count]] = 0;
	s->work_count = 0;
	s->found = 0;
	s->lost = false;
}

static const uint8_t argument_regs[] = { REG_DI, REG_SI, REG_DX, REG_CX, REG_8, REG_9 };

// All constants that reach the function's arguments, or those of functions that hand its address on.
static unsigned constants_into(struct search *s, uint64_t function, unsigned depth)
{
	long entry = code_at(s->code, function);
	size_t first, last;
	unsigned n = 0;

	if (entry < 0 || !depth)
		return 0;
	for (unsigned i = 0; i < sizeof(argument_regs); i++) {
		reset(s);
		ask(s, (size_t)entry, argument_regs[i]);
		run(s);
		n += s->found;
	}
	if (n)
		return n;
	code_edges_to(s->code->addresses, s->code->address_count, function, &first, &last);
	for (size_t e = first; e < last; e++) {
		uint64_t by = code_function(s->code, s->code->insns[s->code->addresses[e].from].addr);

		if (by && by != function)
			n += constants_into(s, by, depth - 1);
	}
	return n;
}

// The values that the register can have when the instruction runs. False: they cannot be known.
static bool values_at(struct search *s, size_t insn, unsigned reg, bool out[CALLS_MAX])
{
	bool lost;
	uint64_t in;

	s->out = out;
	reset(s);
	ask(s, insn, reg);
	run(s);
	lost = s->lost;
	in = s->lost_in;
	return !lost || constants_into(s, in, MAX_DEPTH);
}

static void name_function(struct call_set *set, const struct program *p, uint64_t addr)
{
	for (size_t i = 0; i < p->symbol_count; i++) {
		const Elf64_Sym *y = &p->symbols[i];

		if (ELF64_ST_TYPE(y->st_info) == STT_FUNC && addr >= y->st_value && addr < y->st_value + y->st_size) {
			snprintf(set->unknown_in, sizeof(set->unknown_in), "%s", program_symbol_name(p, y));
			return;
		}
	}
}

// Families of sockets: the first argument wherever socket or socketpair is called. Any that is not known may be all.
static void find_families(struct search *s, struct call_set *set, size_t insn)
{
	bool values[CALLS_MAX] = { false };

	if (!values_at(s, insn, REG_DI, values))
		set->inet = set->unix_ = true;
	set->unix_ |= values[FAMILY_UNIX];
	set->inet |= values[FAMILY_INET] || values[FAMILY_INET6];
}

static void find_at(struct search *s, struct call_set *set, const struct program *p, size_t insn)
{
	bool here[CALLS_MAX] = { false };
	uint64_t addr = s->code->insns[insn].addr;

	set->sites++;
	if (!values_at(s, insn, 0, here)) {
		set->all = true;
		set->unknown_at = addr;
		name_function(set, p, addr);
		return;
	}
	for (unsigned nr = 0; nr < CALLS_MAX; nr++)
		set->has[nr] |= here[nr] && call_name(nr);
	if (here[NR_SOCKET] || here[NR_SOCKETPAIR])
		find_families(s, set, insn);
}

int calls_find(struct call_set *set, const struct program *p, struct failure *why)
{
	struct search s = { 0 };
	struct code code;
	int err = code_read(&code, p, why);

	if (err)
		return err;
	s.code = &code;
	s.visited = calloc(code.count + 1, sizeof(*s.visited));
	s.touched = malloc((code.count + 1) * sizeof(*s.touched));
	if (!s.visited || !s.touched)
		s.failed = true;
	for (size_t i = 0; i < code.count && !s.failed; i++)
		if (code.insns[i].kind == INSN_SYSCALL)
			find_at(&s, set, p, i);
	err = s.failed ? failure_errno(why, -ENOMEM, "%s: cannot search its code for system calls", p->path) : 0;
	free(s.visited);
	free(s.touched);
	free(s.work);
	code_free(&code);
	if (set->all)
		set->inet = set->unix_ = true;
	return err;
}
