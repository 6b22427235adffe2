// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Kernel stacks: mapped in address space of their own with an unmapped guard below each, so that an
// overflow faults.
//
// Slots of a fixed stride; a few freed stacks stay mapped, because threads come and go.
#include <mm/frame.h>
#include <mm/kstack.h>

#define STRIDE (32ul << 10)
#define KEEP 8

static struct {
	uintptr_t base;
	size_t slots, next;     // never used from next on
	uintptr_t kept[KEEP];   // tops of mapped stacks without owner
	size_t kept_len[KEEP];
	unsigned kept_count;
	uint32_t *free_slots;   // numbers of unmapped slots below next
	size_t free_count;
} stacks;

void kstack_init(const struct boot_block *boot)
{
	stacks.base = boot->stacks_va;
	stacks.slots = boot->stacks_len / STRIDE;
}

// The lowest word of a stack holds the pa of its frames, so that they are found again.
static paddr_t *stack_pa(uintptr_t top, size_t len)
{
	return (paddr_t *)(top - len);
}

static uintptr_t slot_take(void)
{
	if (stacks.free_count)
		return stacks.base + stacks.free_slots[--stacks.free_count] * STRIDE;
	return stacks.next < stacks.slots ? stacks.base + stacks.next++ * STRIDE : 0;
}

// An address that cannot be noted as free (no memory) is only lost: there are millions.
static void slot_give(uintptr_t va)
{
	if ((stacks.free_count & 63) == 0) {
		uint32_t *more =
			krealloc(stacks.free_slots, (stacks.free_count + 64) * sizeof(*more));

		if (!more)
			return;
		stacks.free_slots = more;
	}
	stacks.free_slots[stacks.free_count++] = (uint32_t)((va - stacks.base) / STRIDE);
}

uintptr_t kstack_alloc(size_t len)
{
	unsigned order = (unsigned)__builtin_ctzl(len) - PAGE_SHIFT;
	uintptr_t va;
	paddr_t pa;

	for (unsigned i = 0; i < stacks.kept_count; i++) {
		if (stacks.kept_len[i] == len) {
			va = stacks.kept[i];
			stacks.kept_count--;
			stacks.kept[i] = stacks.kept[stacks.kept_count];
			stacks.kept_len[i] = stacks.kept_len[stacks.kept_count];
			return va;
		}
	}
	va = slot_take();
	if (!va)
		return 0;
	pa = frame_alloc(order, false);
	if (pa && plat->map(va + STRIDE - len, pa, len, PROT_R | PROT_W) == 0) {
		*stack_pa(va + STRIDE, len) = pa;
		return va + STRIDE;
	}
	if (pa) {
		plat->unmap(va + STRIDE - len, len); // some of it may be mapped
		frame_free(pa, order);
	}
	slot_give(va);
	return 0;
}

void kstack_free(uintptr_t top, size_t len)
{
	paddr_t pa;

	if (stacks.kept_count < KEEP) {
		stacks.kept[stacks.kept_count] = top;
		stacks.kept_len[stacks.kept_count++] = len;
		return;
	}
	pa = *stack_pa(top, len);
	plat->unmap(top - len, len);
	frame_free(pa, (unsigned)__builtin_ctzl(len) - PAGE_SHIFT);
	slot_give(top - STRIDE);
}
