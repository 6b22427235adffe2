// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Random addresses. Everything goes into one aligned span of the window, in random order and with
// random gaps, so that nothing's address tells another's. The span is small where memory is: page
// tables are taken from it. A page table of the last level covers 2 MiB, so with little memory the
// small things, or even all, share one such block.
#include <errno.h>
#include <string.h>

#include <loader/load_priv.h>

#define MIB (1ul << 20)
#define GIB (1ul << 30)
#define BLOCK (2 * MIB)
#define GUARD PAGE_SIZE
#define GROUP_BELOW (16 * MIB) // with less memory than this, small things share a block

// In this order, so that those that are placed together are neighbours: the small things, or these
// and RAM, or RAM and the block that the small things share.
enum { KERNEL, IMAGE, STACKS, OWN, RAM, GROUP, ITEMS };
#define SMALL 4

// Each item is rolled for once for its gap and once for its turn, and the span once.
_Static_assert(LOAD_DICE >= 2 * ITEMS + 1, "a number for every roll");

struct item {
	uint64_t len;    // 0: not there
	uint64_t align;
	uint64_t va;
};

struct dice {
	const uint64_t *draw;
};

// A number below n, n > 0. The bias is below 2^-20 for the n that occur.
static uint64_t roll(struct dice *d, uint64_t n)
{
	return *d->draw++ % n;
}

// Room that an item may take at most, with a guard page and whatever its alignment costs.
static uint64_t room(const struct item *it)
{
	return it->len ? it->len + GUARD + it->align - PAGE_SIZE : 0;
}

static uint64_t rooms(const struct item *items, unsigned n)
{
	uint64_t sum = GUARD;

	for (unsigned i = 0; i < n; i++)
		sum += room(&items[i]);
	return sum;
}

// Draws n gaps, each at most `slack` pages, in ascending order.
static void draw_gaps(uint64_t *gap, unsigned n, uint64_t slack, struct dice *d)
{
	for (unsigned i = 0; i < n; i++) {
		uint64_t new = roll(d, slack + 1) * PAGE_SIZE;
		unsigned k = i;

		for (; k && gap[k - 1] > new; k--)
			gap[k] = gap[k - 1];
		gap[k] = new;
	}
}

// Gives every item its address in [base, base + span), which is large enough: rooms() <= span.
static void place(struct item *items, unsigned n, uint64_t base, uint64_t span, struct dice *d)
{
	uint64_t slack = (span - rooms(items, n)) / PAGE_SIZE, gap[ITEMS], at = base + GUARD;
	uint8_t turn[] = { 0, 1, 2, 3, 4, 5 };

	_Static_assert(sizeof(turn) == ITEMS, "one for each");
	draw_gaps(gap, n, slack, d);
	for (unsigned i = 0; i < n; i++) {
		unsigned k = i + (unsigned)roll(d, n - i);
		struct item *it = &items[turn[k]];

		turn[k] = turn[i];
		it->va = load_up(at + gap[i], it->align);
		at += room(it);
	}
}

static uint64_t stacks_len(uint64_t memory)
{
	uint64_t len = load_up(2 * memory, MIB);

	if (len < MIB / 2 || memory <= MIB)
		return MIB / 2;
	return len > 256 * MIB ? 256 * MIB : len;
}

static void size_items(const struct load_config *cfg, struct item *it, uint64_t stacks)
{
	uint64_t ram = cfg->memory - cfg->reserve;

	memset(it, 0, ITEMS * sizeof(*it));
	for (unsigned i = 0; i < ITEMS; i++)
		it[i].align = PAGE_SIZE;
	it[KERNEL].len = load_kernel_len(cfg) + GUARD + LOAD_STACK;
	it[IMAGE].len = load_up(cfg->image.len, PAGE_SIZE);
	it[IMAGE].align = it[IMAGE].len >= BLOCK ? BLOCK : PAGE_SIZE;
	it[STACKS].len = stacks;
	it[RAM].len = ram;
	it[RAM].align = ram >= BLOCK ? BLOCK : PAGE_SIZE;
	it[OWN].len = load_up(cfg->own_va_len, PAGE_SIZE);
	it[GROUP].align = BLOCK;
}

// Chooses the span and places what there is. Gives the span's base; *span its length.
static uint64_t place_all(const struct load_config *cfg, struct item *it, uint64_t *span,
			  struct dice *d)
{
	uint64_t need = rooms(it, SMALL + 1), base;

	*span = BLOCK;
	if (need > BLOCK) {
		it[GROUP].len = cfg->memory < GROUP_BELOW && rooms(it, SMALL) <= BLOCK ? BLOCK : 0;
		for (*span = GIB; *span < 2 * (need + room(&it[GROUP])); *span *= 2)
			;
	}
	if (*span > (WINDOW_HIGH - WINDOW_LOW) / 2)
		return 0;
	base = WINDOW_LOW + roll(d, (WINDOW_HIGH - WINDOW_LOW) / *span - 1) * *span;
	base = load_up(base, *span);
	if (it[GROUP].len) {
		place(&it[RAM], 2, base, *span, d);
		place(it, SMALL, it[GROUP].va, BLOCK, d);
	} else {
		place(it, SMALL + 1, base, *span, d);
	}
	return base;
}

int places_choose(const struct load_config *cfg, struct places *at)
{
	struct dice dice = { .draw = cfg->random->dice };
	struct item it[ITEMS];
	uint64_t span;

	memset(at, 0, sizeof(*at));
	at->stacks_len = stacks_len(cfg->memory);
	size_items(cfg, it, at->stacks_len);
	at->low = place_all(cfg, it, &span, &dice);
	if (!at->low)
		return -EFBIG;
	at->high = at->low + span;
	at->kernel = it[KERNEL].va;
	at->stack = at->kernel + it[KERNEL].len - LOAD_STACK;
	at->image = it[IMAGE].va;
	at->ram = it[RAM].va;
	at->stacks = it[STACKS].va;
	at->own = it[OWN].len ? it[OWN].va : 0;
	return 0;
}
