// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where control can go: direct jumps and calls, whose addresses are held by whom, and where
// functions begin.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <image/code.h>
#include <image/code_map.h>

#define PROLOGUE 4     // instructions in which a function sets up its frame
#define TABLE_MAX 4096 // entries of one jump table

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

int map_symbols(struct code *c, const struct program *p)
{
	c->entries = malloc((p->symbol_count + 1) * sizeof(*c->entries));
	if (!c->entries)
		return -ENOMEM;
	for (size_t i = 0; i < p->symbol_count; i++)
		if (ELF64_ST_TYPE(p->symbols[i].st_info) == STT_FUNC &&
		    p->symbols[i].st_shndx != SHN_UNDEF)
			c->entries[c->entry_count++] = p->symbols[i].st_value;
	qsort(c->entries, c->entry_count, sizeof(*c->entries), by_value);
	return 0;
}

static bool in_text(const struct code *c, uint64_t addr)
{
	return c->count && addr >= c->insns[0].addr && addr <= c->insns[c->count - 1].addr;
}

static void collect_edges(struct code *c)
{
	for (size_t i = 0; i < c->count; i++) {
		const struct insn *n = &c->insns[i];
		struct edge e = { n->value, (uint32_t)i };

		if (!in_text(c, n->value))
			continue;
		if (n->kind == INSN_CALL || n->kind == INSN_JUMP || n->kind == INSN_BRANCH)
			c->edges[c->edge_count++] = e;
		else if (n->kind == INSN_ADDRESS || n->kind == INSN_SET || n->kind == INSN_STORE)
			c->addresses[c->address_count++] = e;
	}
	qsort(c->edges, c->edge_count, sizeof(*c->edges), by_target);
	qsort(c->addresses, c->address_count, sizeof(*c->addresses), by_target);
}

static int add_pointer(struct code *c, size_t *room, uint64_t value)
{
	if (c->pointer_count == *room) {
		uint64_t *more =
			realloc(c->pointers, (*room = *room ? *room * 2 : 1024) * sizeof(*more));

		if (!more)
			return -ENOMEM;
		c->pointers = more;
	}
	c->pointers[c->pointer_count++] = value;
	return 0;
}

static bool is_insn(const struct code *c, uint64_t addr)
{
	return in_text(c, addr) && code_at(c, addr) >= 0;
}

// Aligned words that hold the address of an instruction, in what is loaded: pointers, relocations
// with addends, exported symbols. The ELF's own headers are loaded, too, and say nothing.
static int words_in(struct code *c, const struct program *p, const Elf64_Phdr *ph, size_t *room)
{
	uint64_t headers = p->eh->e_phoff + p->eh->e_phnum * sizeof(Elf64_Phdr);

	if (p->eh->e_phoff > sizeof(Elf64_Ehdr))
		headers = sizeof(Elf64_Ehdr);
	for (uint64_t at = -ph->p_vaddr & 7; ph->p_filesz >= 8 && at <= ph->p_filesz - 8; at += 8) {
		uint64_t value;

		memcpy(&value, p->map + ph->p_offset + at, sizeof(value));
		if (ph->p_offset + at < headers)
			continue;
		if (is_insn(c, value) && add_pointer(c, room, value))
			return -ENOMEM;
	}
	return 0;
}

// Jump tables of position-independent code: distances of 32 bits from the table's start, which a
// lea names.
static int table_at(struct code *c, const struct program *p, const Elf64_Phdr *ph, uint64_t table,
		    size_t *room)
{
	uint64_t at = table - ph->p_vaddr;

	for (unsigned i = 0; i < TABLE_MAX && ph->p_filesz >= 4 && at <= ph->p_filesz - 4;
	     i++, at += 4) {
		int32_t distance;

		memcpy(&distance, p->map + ph->p_offset + at, sizeof(distance));
		if (!is_insn(c, table + (uint64_t)(int64_t)distance))
			break;
		if (add_pointer(c, room, table + (uint64_t)(int64_t)distance))
			return -ENOMEM;
	}
	return 0;
}

static int tables_in(struct code *c, const struct program *p, const Elf64_Phdr *ph, size_t *room)
{
	int err = 0;

	for (size_t i = 0; i < c->count && !err; i++)
		if (c->insns[i].kind == INSN_ADDRESS && c->insns[i].value >= ph->p_vaddr &&
		    c->insns[i].value - ph->p_vaddr < ph->p_filesz)
			err = table_at(c, p, ph, c->insns[i].value, room);
	return err;
}

static int collect_pointers(struct code *c, const struct program *p)
{
	size_t room = 0;
	int err = 0;

	for (unsigned i = 0; i < p->eh->e_phnum && !err; i++) {
		if (p->ph[i].p_type != PT_LOAD)
			continue;
		err = words_in(c, p, &p->ph[i], &room);
		if (!err)
			err = tables_in(c, p, &p->ph[i], &room);
	}
	if (c->pointer_count)
		qsort(c->pointers, c->pointer_count, sizeof(*c->pointers), by_value);
	return err;
}

// Without symbols, what is named and not run into from above may be a function that is only called
// through a pointer.
static bool may_be_function(const struct code *c, uint64_t addr)
{
	long i = code_at(c, addr);

	return i == 0 ||
	       (i > 0 && (c->insns[i - 1].kind == INSN_STOP || c->insns[i - 1].kind == INSN_JUMP ||
			  c->insns[i - 1].kind == INSN_PAD));
}

static int collect_entries(struct code *c, const struct program *p)
{
	size_t most = c->entry_count + c->edge_count + c->address_count + c->pointer_count + 1;
	uint64_t *more = realloc(c->entries, most * sizeof(*more));

	if (!more)
		return -ENOMEM;
	c->entries = more;
	for (size_t i = 0; i < c->edge_count; i++)
		if (c->insns[c->edges[i].from].kind == INSN_CALL)
			c->entries[c->entry_count++] = c->edges[i].to;
	for (size_t i = 0; i < c->address_count && !p->symbols; i++)
		if (may_be_function(c, c->addresses[i].to))
			c->entries[c->entry_count++] = c->addresses[i].to;
	for (size_t i = 0; i < c->pointer_count && !p->symbols; i++)
		if (may_be_function(c, c->pointers[i]))
			c->entries[c->entry_count++] = c->pointers[i];
	c->entries[c->entry_count++] = p->eh->e_entry;
	qsort(c->entries, c->entry_count, sizeof(*c->entries), by_value);
	return 0;
}

int map_flow(struct code *c, const struct program *p)
{
	int err;

	c->elf_entry = p->eh->e_entry;
	c->has_symbols = p->symbols;
	c->edges = malloc((c->count + 1) * sizeof(*c->edges));
	c->addresses = malloc((c->count + 1) * sizeof(*c->addresses));
	if (!c->edges || !c->addresses)
		return -ENOMEM;
	collect_edges(c);
	err = collect_pointers(c, p);
	return err ? err : collect_entries(c, p);
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

bool code_is_named(const struct code *c, uint64_t addr)
{
	size_t first, last;

	code_edges_to(c->addresses, c->address_count, addr, &first, &last);
	return first < last || addr == c->elf_entry ||
	       (c->pointer_count &&
		bsearch(&addr, c->pointers, c->pointer_count, sizeof(addr), by_value));
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

bool code_is_live(const struct code *c, uint64_t function)
{
	size_t first, last;

	code_edges_to(c->edges, c->edge_count, function, &first, &last);
	return first < last || code_is_named(c, function);
}

bool code_has_frame(const struct code *c, uint64_t function)
{
	long first = code_at(c, function);

	for (size_t i = first < 0 ? c->count : (size_t)first;
	     i < c->count && i < (size_t)first + PROLOGUE; i++)
		if (c->insns[i].kind == INSN_MOVE && c->insns[i].dst == REG_BP &&
		    c->insns[i].src == REG_SP_)
			return true;
	return false;
}
