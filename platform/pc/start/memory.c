// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Memory: the start-up code's own page tables, which map physical addresses to themselves (Intel
// SDM vol. 3, 4.5), and which piece of RAM the library OS gets.
#include <platform/pc/start/start.h>

#define LOW_MEMORY (1 * MIB) // firmware's, the boot loader's
#define LARGE_PAGE (2 * MIB)
#define PTE_TABLE 0x67ull // P W U A D
#define PTE_LARGE 0xe7ull // P W U A D PS
#define PTE_PRESENT 1ull

static uint64_t *spare_table(struct start *s)
{
	uint64_t *t = (uint64_t *)s->spare;

	if (s->spare == s->spare_end)
		start_fail(s, "memory and devices are at too many places", "");
	s->spare += PAGE_SIZE;
	__builtin_memset(t, 0, PAGE_SIZE);
	return t;
}

static uint64_t *below(struct start *s, uint64_t *entry)
{
	if (!(*entry & PTE_PRESENT))
		*entry = (uint64_t)spare_table(s) | PTE_TABLE;
	return (uint64_t *)(*entry & ~0xfffull);
}

void start_reach(struct start *s, uint64_t pa, uint64_t len)
{
	char text[20];

	if (len > s->top || pa > s->top - len)
		start_fail(s, "this processor has no address ", start_hex(text, pa));
	for (uint64_t at = pa & ~(GIB - 1); at < pa + len; at += GIB) {
		uint64_t *entry = below(s, (uint64_t *)s->boot->tables + (at >> 39 & 511)) +
				  (at >> 30 & 511);

		if (*entry & PTE_PRESENT)
			continue;
		if (s->has_1g) {
			*entry = at | PTE_LARGE;
			continue;
		}
		for (uint64_t *pd = below(s, entry), i = 0; i < 512; i++)
			pd[i] = (at + i * LARGE_PAGE) | PTE_LARGE;
	}
}

// [start, end) where it is better than *best.
static void consider(const struct start *s, struct range *best, uint64_t start, uint64_t end)
{
	uint64_t top = s->has_1g ? s->top : 4 * GIB; // what start_reach() has tables for

	end = (end < top ? end : top) & ~(PAGE_SIZE - 1);
	if (start >= end)
		return;
	start = (start + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	if (end > start && end - start > best->end - best->start)
		*best = (struct range){ start, end };
}

struct range memory_choose(const struct start *s)
{
	struct range best = { 0, 0 };

	for (unsigned i = 0; i < s->machine.ram_count; i++) {
		const struct range *r = &s->machine.ram[i];
		uint64_t low = r->start < LOW_MEMORY ? LOW_MEMORY : r->start;

		if (low >= s->boot->end || r->end <= s->boot->file) {
			consider(s, &best, low, r->end);
			continue;
		}
		consider(s, &best, low, s->boot->file);
		consider(s, &best, s->boot->end, r->end);
	}
	return best;
}
