// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The page-table editor (pagetable.h). Rules first, in check_*(): a request is refused before
// anything is changed. Then one recursive walk, edit_table(), does all three edits.
//
// Invariants: an intermediate entry allows everything (leaf rights decide) and points at a table in
// the pool; used[] counts the present entries of each table, and a table other than the top one
// that has none is free; accessed and dirty are set from the start, so that neither processor nor
// KVM has to write them. Pages of 2 MiB and 1 GiB are used where a mapping allows it and are split
// when part of one changes.
#include "nucleus/pagetable.h"

#include <errno.h>

#include <pith/boot.h>

#define PT_ENTRIES 512
#define TOP 4
#define PTE_TABLE (PTE_P | PTE_W | PTE_A)
#define PTE_LEAF (PTE_P | PTE_A | PTE_D)

enum edit_kind { EDIT_MAP, EDIT_UNMAP, EDIT_PROTECT };

struct edit {
	struct pt *pt;
	enum edit_kind kind;
	uint64_t bits;  // of a leaf, without PS
	uint64_t delta; // pa - va
	uint64_t user;  // PTE_U for intermediate entries, or 0
	int replace;    // the tables must go: a large page takes their place
};

static int edit_table(struct edit *e, uint64_t *table, int level, uint64_t va, uint64_t end);

static uint64_t span_of(int level)
{
	return 1ull << (PAGE_SHIFT + 9 * (level - 1));
}

static unsigned index_of(uint64_t va, int level)
{
	return (va >> (PAGE_SHIFT + 9 * (level - 1))) & (PT_ENTRIES - 1);
}

static int inside(const struct pt_range *r, uint64_t start, uint64_t end)
{
	return start >= r->start && end <= r->end;
}

static int is_leaf(uint64_t entry, int level)
{
	return level == 1 || (entry & PTE_PS);
}

static uint64_t *table_at(const struct pt *pt, uint64_t pa)
{
	uint64_t off = (pa & PTE_ADDR) - pt->pool_pa;

	return off < pt->pool_len ? (uint64_t *)(pt->pool + off) : NULL;
}

static uint16_t *used_of(const struct pt *pt, const uint64_t *table)
{
	return (uint16_t *)pt->pool + (((uintptr_t)table - pt->pool) >> PAGE_SHIFT);
}

static void clear_table(uint64_t *table)
{
	for (unsigned i = 0; i < PT_ENTRIES; i++)
		table[i] = 0;
}

// A table with no present entry, all words zero; its address goes to *pa.
static uint64_t *table_take(struct pt *pt, uint64_t *pa)
{
	struct pt_state *s = pt->state;
	uint64_t at = s->free;
	uint64_t *table;

	if (at) {
		table = table_at(pt, at);
		if (!table)
			return NULL;
		s->free = table[0];
		table[0] = 0;
	} else {
		if (s->next >= pt->pool_len || s->next & (PAGE_SIZE - 1))
			return NULL;
		at = pt->pool_pa + s->next;
		table = table_at(pt, at);
		s->next += PAGE_SIZE;
		if (pt->flags & PT_F_DIRTY)
			clear_table(table);
	}
	*used_of(pt, table) = 0;
	*pa = at;
	return table;
}

// The paging-structure caches may still know the table: everything is flushed before it can matter.
static void table_give(struct pt *pt, uint64_t *table)
{
	table[0] = pt->state->free;
	pt->state->free = pt->pool_pa + ((uintptr_t)table - pt->pool);
	pt->flush_all = 1;
}

static void note_flush(struct pt *pt, uint64_t va, uint64_t pa)
{
	struct pt_flush *last = pt->flush_count ? &pt->flush[pt->flush_count - 1] : NULL;

	if (last && last->va + last->len == va && last->pa + last->len == pa) {
		last->len += PAGE_SIZE;
	} else if (pt->flush_count < PT_FLUSH_MAX) {
		pt->flush[pt->flush_count++] = (struct pt_flush){ va, pa, PAGE_SIZE };
	} else {
		pt->flush_all = 1;
	}
}

// Writes one leaf, keeping the count of the table and the list of what to flush.
static void put_leaf(struct edit *e, uint64_t *table, uint64_t *entry, int level, uint64_t value,
		     uint64_t va)
{
	uint64_t old = *entry;

	if (!(old & PTE_P)) {
		++*used_of(e->pt, table);
	} else if (old != value) {
		if (level == 1)
			note_flush(e->pt, va, old & PTE_ADDR);
		else
			e->pt->flush_all = 1;
		if (!value)
			--*used_of(e->pt, table);
	}
	*entry = value;
}

// The table below an entry that has none yet: empty, or, where a large page was, with the same
// mappings in smaller pages.
static int make_table(struct edit *e, uint64_t *table, uint64_t *entry, int level)
{
	uint64_t old = *entry, small = span_of(level - 1), pa, *below;
	unsigned i;

	below = table_take(e->pt, &pa);
	if (!below)
		return -ENOMEM;
	if (old & PTE_P) {
		if (level == 2)
			old &= ~PTE_PS;
		for (i = 0; i < PT_ENTRIES; i++)
			below[i] = old + i * small;
		*used_of(e->pt, below) = PT_ENTRIES;
		e->pt->flush_all = 1;
	} else {
		++*used_of(e->pt, table);
	}
	*entry = pa | PTE_TABLE | e->user;
	return 0;
}

// Goes down into the table below an entry, which exists, for [va, end); takes the table away when
// nothing is left in it.
static int edit_below(struct edit *e, uint64_t *table, uint64_t *entry, int level, uint64_t va,
		      uint64_t end)
{
	uint64_t *below = table_at(e->pt, *entry);
	int err;

	if (!below)
		return -EFAULT;
	err = edit_table(e, below, level - 1, va, end);
	if (err || e->kind != EDIT_UNMAP || *used_of(e->pt, below) ||
	    (e->pt->flags & PT_F_KEEP && !e->replace))
		return err;
	*entry = 0;
	--*used_of(e->pt, table);
	table_give(e->pt, below);
	return 0;
}

// One entry's part [va, next) of a new mapping.
static int map_entry(struct edit *e, uint64_t *table, uint64_t *entry, int level, uint64_t va,
		     uint64_t next)
{
	uint64_t pa = va + e->delta, span = span_of(level);
	int large = level == 2 || (level == 3 && (e->pt->flags & PT_F_1G));
	int below = (*entry & PTE_P) && !is_leaf(*entry, level);
	int err;

	if (level == 1) {
		put_leaf(e, table, entry, level, pa | e->bits, va);
		return 0;
	}
	if (large && next - va == span && !(pa & (span - 1))) {
		if (below) {
			struct edit clear = { .pt = e->pt, .kind = EDIT_UNMAP, .replace = 1 };

			err = edit_below(&clear, table, entry, level, va, next);
			if (err)
				return err;
		}
		put_leaf(e, table, entry, level, pa | e->bits | PTE_PS, va);
		return 0;
	}
	if (!below) {
		err = make_table(e, table, entry, level);
		if (err)
			return err;
	}
	return edit_below(e, table, entry, level, va, next);
}

// The same for unmap and protect: holes stay.
static int change_entry(struct edit *e, uint64_t *table, uint64_t *entry, int level, uint64_t va,
			uint64_t next)
{
	uint64_t value = 0;
	int err;

	if (!(*entry & PTE_P))
		return 0;
	if (is_leaf(*entry, level)) {
		if (e->bits & PTE_W &&
		    !inside(&e->pt->ram, *entry & PTE_ADDR, (*entry & PTE_ADDR) + PAGE_SIZE))
			return -EPERM;
		if (next - va == span_of(level)) {
			if (e->kind == EDIT_PROTECT)
				value = (*entry & (PTE_ADDR | (level > 1 ? PTE_PS : 0))) | e->bits;
			put_leaf(e, table, entry, level, value, va);
			return 0;
		}
		err = make_table(e, table, entry, level);
		if (err)
			return err;
	}
	return edit_below(e, table, entry, level, va, next);
}

static int edit_table(struct edit *e, uint64_t *table, int level, uint64_t va, uint64_t end)
{
	uint64_t *entry = &table[index_of(va, level)];
	uint64_t span = span_of(level), next;
	int err;

	for (; va < end; va = next, entry++) {
		next = (va | (span - 1)) + 1;
		if (next > end || !next)
			next = end;
		if (e->kind == EDIT_MAP)
			err = map_entry(e, table, entry, level, va, next);
		else
			err = change_entry(e, table, entry, level, va, next);
		if (err)
			return err;
	}
	return 0;
}

static int edit_run(struct edit *e, uint64_t va, uint64_t len)
{
	uint64_t *top = table_at(e->pt, e->pt->root);

	return top ? edit_table(e, top, TOP, va, va + len) : -EFAULT;
}

static int check_keep(const struct pt_range *keep, uint64_t va, uint64_t end)
{
	int i;

	for (i = 0; i < PT_KEEP_MAX && keep[i].end; i++)
		if (va < keep[i].end && end > keep[i].start)
			return -EPERM;
	return 0;
}

static int check_va(struct pt *pt, uint64_t va, uint64_t len)
{
	int err;

	pt->flush_all = 0;
	pt->flush_count = 0;
	if ((va | len) & (PAGE_SIZE - 1) || !len || va + len < va)
		return -EINVAL;
	if (pt->flags & PT_F_LOADER)
		return 0;
	if (va < pt->va_low || va + len > pt->va_high)
		return -EPERM;
	err = check_keep(pt->keep, va, va + len);
	if (!err && (pt->flags & PT_F_SEALED))
		err = check_keep(pt->keep_sealed, va, va + len);
	return err;
}

static int check_prot(const struct pt *pt, unsigned prot)
{
	unsigned known = PT_READ | PT_WRITE | PT_EXEC;

	if (pt->flags & PT_F_LOADER)
		known |= PT_UNCACHED;
	if (prot & ~known)
		return -EINVAL;
	if ((prot & PT_WRITE) && (prot & PT_EXEC) && !(pt->flags & PT_F_WX))
		return -EACCES;
	return 0;
}

static int check_pa(const struct pt *pt, uint64_t pa, uint64_t len, unsigned prot)
{
	if (pa & (PAGE_SIZE - 1) || pa + len < pa)
		return -EINVAL;
	if (pt->flags & PT_F_LOADER || inside(&pt->ram, pa, pa + len))
		return 0;
	return inside(&pt->image, pa, pa + len) && !(prot & PT_WRITE) ? 0 : -EPERM;
}

static uint64_t leaf_bits(unsigned prot)
{
	return PTE_LEAF | (prot & PT_WRITE ? PTE_W : 0) | (prot & PT_EXEC ? 0 : PTE_NX) |
	       (prot & PT_UNCACHED ? PTE_PCD | PTE_PWT : 0);
}

int pt_map(struct pt *pt, uint64_t va, uint64_t pa, uint64_t len, unsigned prot)
{
	struct edit e = { .pt = pt,
			  .kind = EDIT_MAP,
			  .bits = leaf_bits(prot) | PTE_U,
			  .delta = pa - va,
			  .user = PTE_U };
	int err = check_va(pt, va, len);

	if (!err)
		err = check_prot(pt, prot);
	if (!err)
		err = check_pa(pt, pa, len, prot);
	if (!err && !prot)
		err = -EINVAL;
	return err ? err : edit_run(&e, va, len);
}

int pt_unmap(struct pt *pt, uint64_t va, uint64_t len)
{
	struct edit e = { .pt = pt, .kind = EDIT_UNMAP, .user = PTE_U };
	int err = check_va(pt, va, len);

	return err ? err : edit_run(&e, va, len);
}

// What nothing may access is not kept: the library OS maps it again on the fault.
int pt_protect(struct pt *pt, uint64_t va, uint64_t len, unsigned prot)
{
	struct edit e = {
		.pt = pt, .kind = EDIT_PROTECT, .bits = leaf_bits(prot) | PTE_U, .user = PTE_U
	};
	int err;

	if (!prot)
		return pt_unmap(pt, va, len);
	err = check_va(pt, va, len);
	if (!err)
		err = check_prot(pt, prot);
	return err ? err : edit_run(&e, va, len);
}

int pt_map_nucleus(struct pt *pt, uint64_t va, uint64_t pa, uint64_t len, unsigned prot)
{
	struct edit e = { .pt = pt, .kind = EDIT_MAP, .bits = leaf_bits(prot), .delta = pa - va };

	return edit_run(&e, va, len);
}

// The pool begins with used[], one count for each of its pages.
int pt_init(struct pt *pt)
{
	uint64_t counts =
		(pt->pool_len / PAGE_SIZE * sizeof(uint16_t) + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);

	pt->state->next = counts;
	pt->state->free = 0;
	return table_take(pt, &pt->root) ? 0 : -ENOMEM;
}

// Empty tables below this one.
static int trim_table(struct pt *pt, uint64_t *table, int level)
{
	int i, n, count = 0;

	for (i = 0; level > 1 && i < PT_ENTRIES; i++) {
		uint64_t *below = table[i] & PTE_P && !is_leaf(table[i], level)
					  ? table_at(pt, table[i])
					  : NULL;

		if (!below)
			continue;
		n = trim_table(pt, below, level - 1);
		if (!*used_of(pt, below)) {
			table[i] = 0;
			--*used_of(pt, table);
			table_give(pt, below);
			n++;
		}
		count += n;
	}
	return count;
}

int pt_trim(struct pt *pt)
{
	uint64_t *top = table_at(pt, pt->root);

	return top ? trim_table(pt, top, TOP) : -EFAULT;
}

uint64_t pt_lookup(const struct pt *pt, uint64_t va, uint64_t *size)
{
	uint64_t pa = pt->root;
	int level;

	for (level = TOP; level; level--) {
		const uint64_t *table = table_at(pt, pa);

		if (!table)
			return 0;
		pa = table[index_of(va, level)];
		*size = span_of(level);
		if (!(pa & PTE_P))
			return 0;
		if (is_leaf(pa, level))
			return pa;
	}
	return 0;
}
