// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The search: from each `syscall` back along the flow of control to where its number was put into
// rax.
//
// A value is followed through moves between registers, over jumps, and from the start of a function
// to every place that calls it (libc's wrappers take the number as an argument). Where it goes
// through memory, or the function is only called through a pointer, any constant that reaches an
// argument register of the function (or of those that name it), and any that its callers store,
// counts: too many calls rather than one too few. If even that finds nothing, or the number is
// computed, the program can make every call. What nothing goes to and nothing names never runs, and
// adds nothing.
//
// A call is only missed if its number comes out of memory and something else explains the place;
// then the instance says at run time which call is missing and how to add it.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <image/calls.h>
#include <image/code.h>

#define CALLEE_SAVED 0xf028 /* rbx rbp r12-r15: psABI, 3.2.1 */
#define LARGE_VARIABLE 256 // bytes: a frame's variable with its address taken may reach that far
#define MAX_DEPTH 4 // functions followed through pointers
#define LOST_MAX 64
#define NR_SOCKET 41
#define NR_SOCKETPAIR 53
#define FAMILY_UNIX 1
#define FAMILY_INET 2
#define FAMILY_INET6 10
#define FAMILY_NETLINK 16

struct search {
	const struct code *code;
	uint16_t *visited;    // per instruction: registers whose value before it has been asked for
	uint32_t *touched;    // instructions with a bit in visited
	size_t touched_count;
	uint32_t *work;       // pairs (instruction, register)
	size_t work_count, work_room;
	bool *out;            // constants found, CALLS_MAX of them
	unsigned found;
	bool computed;        // some way back ended in arithmetic or in what a function gave
	uint64_t lost_in[LOST_MAX]; // functions in which some way back ended in memory, or which
				    // are called through pointers
	unsigned lost_count;
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
	if ((uint32_t)value >= CALLS_MAX)
		return;
	s->found++;
	s->out[(uint32_t)value] = true;
}

static void lose(struct search *s, size_t insn)
{
	uint64_t function = code_function(s->code, s->code->insns[insn].addr);

	if (!code_is_live(s->code, function))
		return;
	for (unsigned i = 0; i < s->lost_count; i++)
		if (s->lost_in[i] == function)
			return;
	if (s->lost_count == LOST_MAX)
		s->computed = true; // more than anybody can say
	else
		s->lost_in[s->lost_count++] = function;
}

// A variable of the function's frame: whatever the function writes to it, at any time. If its
// address is taken, others may write it.
static void load_slot(struct search *s, size_t insn)
{
	const struct code *c = s->code;
	uint64_t function = code_function(c, c->insns[insn].addr);
	int32_t slot = c->insns[insn].slot;
	bool taken = !slot || !code_has_frame(c, function), written = false;

	for (long i = code_at(c, function); !taken && i >= 0 && (size_t)i < c->count; i++) {
		const struct insn *n = &c->insns[i];

		if (code_function(c, n->addr) != function)
			break;
		taken = n->kind == INSN_FRAME && n->slot <= slot && slot - n->slot < LARGE_VARIABLE;
		if (n->slot != slot || n->kind == INSN_LOAD)
			continue;
		written = true;
		if (n->kind == INSN_STORE)
			found(s, n->value);
		else if (n->kind == INSN_SAVE)
			ask(s, (size_t)i, n->src);
		else
			s->computed = true;
	}
	if (taken || !written)
		lose(s, insn);
}

// What instruction `from`, which control comes from, does to the register. A call keeps all but its
// result: nobody reads a register that a call has spoilt, and some calls spoil less than they may.
static void through(struct search *s, size_t from, unsigned reg)
{
	const struct insn *n = &s->code->insns[from];
	bool to_reg = n->dst == reg;

	if ((n->kind == INSN_SET || n->kind == INSN_ADDRESS) && to_reg) {
		found(s, n->value);
	} else if ((n->kind == INSN_MOVE || n->kind == INSN_CMOV) && to_reg) {
		ask(s, from, n->src);
		if (n->kind == INSN_CMOV)
			ask(s, from, reg);
	} else if (n->kind == INSN_LOAD && to_reg) {
		load_slot(s, from);
	} else if ((n->writes & 1u << reg) && (n->kind != INSN_CALL || reg == REG_AX)) {
		s->computed = true;
	} else {
		ask(s, from, reg);
	}
}

// The target of a jump table: control comes from the indirect jumps of the function. What nobody
// goes to by address may also be a handler of exceptions: then it comes from the calls. Where there
// are none of these it never runs.
static void from_tables(struct search *s, size_t insn, unsigned reg, bool handler)
{
	const struct code *c = s->code;
	uint64_t start = code_function(c, c->insns[insn].addr);

	for (long i = code_at(c, start);
	     i >= 0 && (size_t)i < c->count && code_function(c, c->insns[i].addr) == start; i++)
		if ((c->insns[i].kind == INSN_JUMP && !c->insns[i].value) ||
		    (handler && c->insns[i].kind == INSN_CALL && (CALLEE_SAVED & 1u << reg)))
			ask(s, (size_t)i, reg);
}

// Does going from a branch, taken or not, say what the register is? `test %rax,%rax; je` is how
// read, number 0, may come about.
static bool by_branch(struct search *s, size_t from, unsigned reg, unsigned when)
{
	const struct insn *branch = &s->code->insns[from], *test = from ? branch - 1 : NULL;

	if (branch->kind != INSN_BRANCH || branch->src != when || !test ||
	    test->kind != INSN_TEST || test->dst != reg)
		return false;
	found(s, test->value);
	return true;
}

// From a jump or a call. A function is not given a value in a register that it must keep, but parts
// of functions are.
static void from_edge(struct search *s, size_t from, unsigned reg)
{
	if (s->code->insns[from].kind == INSN_CALL && (CALLEE_SAVED & 1u << reg))
		return;
	if (!by_branch(s, from, reg, BRANCH_EQUAL))
		ask(s, from, reg); // going there changes no register
}

static bool falls_into(const struct code *c, size_t insn)
{
	const struct insn *before = insn ? &c->insns[insn - 1] : NULL;

	return before && before->kind != INSN_STOP && before->kind != INSN_JUMP;
}

// Who goes to this instruction: the one before it, all jumps and calls to it, and who has its
// address.
static void step(struct search *s, size_t insn, unsigned reg)
{
	const struct code *c = s->code;
	uint64_t addr = c->insns[insn].addr;
	bool entry = code_function(c, addr) == addr, named = code_is_named(c, addr),
	     falls = !entry && falls_into(c, insn);
	size_t first, last;

	if (falls && !by_branch(s, insn - 1, reg, BRANCH_UNEQUAL))
		through(s, insn - 1, reg);
	code_edges_to(c->edges, c->edge_count, addr, &first, &last);
	for (size_t e = first; e < last; e++)
		from_edge(s, c->edges[e].from, reg);
	if (entry && named && !(c->has_symbols && (CALLEE_SAVED & 1u << reg)))
		lose(s, insn);
	else if (!entry && named)
		from_tables(s, insn, reg, false);
	else if (!entry && !falls && first == last && c->insns[insn].kind != INSN_PAD)
		from_tables(s, insn, reg, true);
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
	s->computed = false;
	s->lost_count = 0;
}

// Constants that a function writes to memory.
static void stores_in(struct search *s, uint64_t function)
{
	const struct code *c = s->code;

	for (long i = code_at(c, function); i >= 0 && (size_t)i < c->count; i++) {
		if (code_function(c, c->insns[i].addr) != function)
			break;
		if (c->insns[i].kind == INSN_STORE)
			found(s, c->insns[i].value);
	}
}

// What the callers of a function store for it.
static unsigned stores_of_callers(struct search *s, uint64_t function)
{
	size_t first, last;

	reset(s);
	code_edges_to(s->code->edges, s->code->edge_count, function, &first, &last);
	for (size_t e = first; e < last; e++)
		stores_in(s, code_function(s->code, s->code->insns[s->code->edges[e].from].addr));
	return s->found;
}

static const uint8_t argument_regs[] = { REG_DI, REG_SI, REG_DX, REG_CX, REG_8, REG_9 };

// All constants that reach the function's arguments, or those of functions that hand its address
// on.
static unsigned constants_into(struct search *s, uint64_t function, unsigned depth)
{
	long entry = code_at(s->code, function);
	size_t first, last;
	unsigned n;

	if (entry < 0 || !depth)
		return 0;
	n = stores_of_callers(s, function);
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
		uint64_t by =
			code_function(s->code, s->code->insns[s->code->addresses[e].from].addr);

		if (by && by != function)
			n += constants_into(s, by, depth - 1);
	}
	return n;
}

enum known { KNOWN, GUESSED, UNKNOWN };

// The values that the register can have when the instruction runs. GUESSED: some of them are
// guesses, and there may be others.
static enum known values_at(struct search *s, size_t insn, unsigned reg, bool out[CALLS_MAX])
{
	uint64_t lost_in[LOST_MAX];
	unsigned lost_count;

	s->out = out;
	reset(s);
	ask(s, insn, reg);
	run(s);
	if (s->computed)
		return UNKNOWN;
	lost_count = s->lost_count;
	memcpy(lost_in, s->lost_in, lost_count * sizeof(lost_in[0]));
	for (unsigned i = 0; i < lost_count; i++)
		if (!constants_into(s, lost_in[i], MAX_DEPTH))
			return UNKNOWN;
	return lost_count ? GUESSED : KNOWN;
}

static void name_function(struct call_set *set, const struct program *p, uint64_t addr)
{
	for (size_t i = 0; i < p->symbol_count; i++) {
		const Elf64_Sym *y = &p->symbols[i];

		if (ELF64_ST_TYPE(y->st_info) == STT_FUNC && addr >= y->st_value &&
		    addr < y->st_value + y->st_size) {
			snprintf(set->unknown_in, sizeof(set->unknown_in), "%s",
				 program_symbol_name(p, y));
			return;
		}
	}
}

// Families of sockets: the first argument wherever socket or socketpair is called. One out of
// memory may be any: an address that was looked up, mostly.
static void find_families(struct search *s, struct call_set *set, size_t insn)
{
	bool values[CALLS_MAX] = { false };

	if (values_at(s, insn, REG_DI, values) != KNOWN)
		set->inet = set->unix_ = true;
	set->netlink |= values[FAMILY_NETLINK];
	set->unix_ |= values[FAMILY_UNIX];
	set->inet |= values[FAMILY_INET] || values[FAMILY_INET6] || set->netlink;
}

static void find_at(struct search *s, struct call_set *set, const struct program *p, size_t insn)
{
	bool here[CALLS_MAX] = { false };
	uint64_t addr = s->code->insns[insn].addr;

	set->sites++;
	if (values_at(s, insn, REG_AX, here) == UNKNOWN) {
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
	int err;

	if (program_is_go(p)) { // numbers go through functions with an ABI that is not C's
		set->all = set->inet = set->unix_ = set->netlink = true;
		set->all_as = "Go keeps their numbers where they cannot be followed";
		return 0;
	}
	err = code_read(&code, p, why);
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
	err = s.failed ? failure_errno(why, -ENOMEM, "%s: cannot search its code for system calls",
				       p->path)
		       : 0;
	free(s.visited);
	free(s.touched);
	free(s.work);
	code_free(&code);
	if (set->all)
		set->inet = set->unix_ = set->netlink = true;
	return err;
}
