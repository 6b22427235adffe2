// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Random edits of page tables against a model: an array that says what each page of a small piece of address space is mapped to.
// The piece lies around a 1 GiB boundary, so that all levels take part.
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <nucleus/pagetable.h>
#include <pith/boot.h>

#define POOL_PAGES 48ull
#define POOL_PA 0x100000000ull
#define RAM_PA 0x200000ull
#define RAM_PAGES 2048ull
#define IMAGE_PA 0x40000000ull
#define IMAGE_PAGES 64ull
#define PAGES 2048ull
#define BASE ((3ull << 30) - PAGES / 2 * PAGE_SIZE)
#define PROBES 64

struct page {
	uint64_t pa;
	unsigned prot;
};

static struct page model[PAGES];
static _Alignas(4096) uint8_t pool[POOL_PAGES * PAGE_SIZE];

static void model_set(uint64_t at, uint64_t pages, uint64_t pa, unsigned prot)
{
	for (uint64_t i = 0; i < pages; i++)
		model[at + i] = (struct page){ pa + i * PAGE_SIZE, prot };
}

static void model_protect(uint64_t at, uint64_t pages, unsigned prot)
{
	for (uint64_t i = 0; i < pages; i++)
		if (model[at + i].prot)
			model[at + i].prot = prot;
}

static void compare(struct pt *pt, uint64_t at)
{
	uint64_t size, leaf = pt_lookup(pt, BASE + at * PAGE_SIZE, &size);
	uint64_t pa = (leaf & PTE_ADDR & ~(size - 1)) + ((BASE + at * PAGE_SIZE) & (size - 1));

	if (!leaf != !model[at].prot)
		abort();
	if (!leaf)
		return;
	if (pa != model[at].pa || !(leaf & PTE_U) || !(leaf & PTE_W) != !(model[at].prot & PT_WRITE) ||
	    !(leaf & PTE_NX) != !!(model[at].prot & PT_EXEC))
		abort();
}

struct op {
	uint8_t kind, prot;
	uint16_t at, len, pa;
};

static int image_between(uint64_t at, uint64_t pages)
{
	for (uint64_t i = 0; i < pages; i++)
		if (model[at + i].prot && model[at + i].pa >= IMAGE_PA)
			return 1;
	return 0;
}

static void run_op(struct pt *pt, const struct op *op)
{
	uint64_t at = op->at % PAGES, pages = op->len % (PAGES - at) + 1, va = BASE + at * PAGE_SIZE, len = pages * PAGE_SIZE;
	unsigned prot = op->prot % 8;
	int image = op->kind & 0x80;
	uint64_t pa = image ? IMAGE_PA + op->pa % IMAGE_PAGES * PAGE_SIZE : RAM_PA + op->pa % RAM_PAGES * PAGE_SIZE;
	uint64_t end = image ? IMAGE_PA + IMAGE_PAGES * PAGE_SIZE : RAM_PA + RAM_PAGES * PAGE_SIZE;
	int err, wx = (prot & 6) == 6;

	if (at + pages > PAGES)
		return;
	switch (op->kind % 4) {
	case 0:
	case 1:
		err = pt_map(pt, va, pa, len, prot);
		if (wx || !prot || pa + len > end || (image && prot & PT_WRITE)) {
			if (!err)
				abort();
			return;
		}
		if (err == -ENOMEM) { // part of it is done: take all of it away
			if (pt_unmap(pt, va, len) && pt_unmap(pt, BASE, PAGES * PAGE_SIZE))
				return;
			if (pt_unmap(pt, BASE, PAGES * PAGE_SIZE))
				abort();
			model_set(0, PAGES, 0, 0);
			pt_trim(pt);
			return;
		}
		if (err)
			abort();
		model_set(at, pages, pa, prot);
		return;
	case 2:
		err = pt_unmap(pt, va, len);
		if (!err)
			model_set(at, pages, 0, 0);
		else if (err != -ENOMEM)
			abort();
		return;
	default:
		if (image_between(at, pages) && prot & PT_WRITE && !wx) { // stops on the way; the model does not follow
			if (pt_protect(pt, va, len, prot) == 0 || pt_unmap(pt, BASE, PAGES * PAGE_SIZE))
				abort();
			model_set(0, PAGES, 0, 0);
			return;
		}
		err = pt_protect(pt, va, len, prot);
		if (wx != (err == -EACCES))
			abort();
		if (!err)
			model_protect(at, pages, prot);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct pt_state state;
	struct pt pt = {
		.state = &state, .pool = (uintptr_t)pool, .pool_pa = POOL_PA, .pool_len = sizeof pool,
		.ram = { RAM_PA, RAM_PA + RAM_PAGES * PAGE_SIZE }, .image = { IMAGE_PA, IMAGE_PA + IMAGE_PAGES * PAGE_SIZE },
		.va_low = USER_LOW, .va_high = USER_HIGH, .flags = len && data[0] & 1 ? PT_F_KEEP : 0,
	};
	struct op op;
	uint64_t i;

	memset(pool, 0, sizeof pool);
	memset(model, 0, sizeof model);
	if (pt_init(&pt))
		abort();
	for (; len >= sizeof op; data += sizeof op, len -= sizeof op) {
		memcpy(&op, data, sizeof op);
		run_op(&pt, &op);
		for (i = 0; i < PROBES; i++)
			compare(&pt, (op.at + i * 37) % PAGES);
	}
	for (i = 0; i < PAGES; i++)
		compare(&pt, i);
	return 0;
}
