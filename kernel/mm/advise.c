// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// madvise, and what reports on the address space.
#include <asm-generic/errno.h>
#include <asm-generic/mman-common.h>
#include <mm/space.h>

#pragma weak mm_punch

static int range_mapped(struct mm *mm, uintptr_t start, uintptr_t end)
{
	for (struct region *r = region_at(mm, start); start < end; start = r->end, r = r->next)
		if (!r || r->start > start)
			return -ENOMEM;
	return 0;
}

static int fill_range(struct mm *mm, uintptr_t start, uintptr_t end, bool write)
{
	int err = range_mapped(mm, start, end);

	for (struct region *r = region_at(mm, start); r && r->start < end && !err; r = r->next) {
		if (!(r->prot & (write ? PROT_W : PROT_R | PROT_X)))
			return -EACCES;
		err = region_fill(mm, r, MAX(start, r->start), MIN(end, r->end), write);
	}
	return err;
}

int mm_populate(struct mm *mm, uintptr_t start, size_t len, bool write)
{
	uintptr_t from = ALIGN_DOWN(start, PAGE_SIZE), end;

	return range_end(from, len + (start - from), &end) ? fill_range(mm, from, end, write)
							   : -EINVAL;
}

// Advice that changes nothing here: there is no swap, no read-ahead, no core dump.
static bool advice_harmless(int advice)
{
	switch (advice) {
	case MADV_NORMAL:
	case MADV_RANDOM:
	case MADV_SEQUENTIAL:
	case MADV_WILLNEED:
	case MADV_HUGEPAGE:
	case MADV_NOHUGEPAGE:
	case MADV_DONTDUMP:
	case MADV_DODUMP:
	case MADV_MERGEABLE:
	case MADV_UNMERGEABLE: return true;
	default:
		return false;
	}
}

// May the advice be given for this region? (Linux mm/madvise.c: madvise_dontneed_free_valid_vma,
// can_madv_lru_vma, madvise_free_single_vma.)
static bool may_drop(const struct region *r, int advice)
{
	if ((r->flags & REGION_KERNEL) ||
	    ((r->flags & REGION_LOCKED) && advice != MADV_DONTNEED_LOCKED))
		return false;
	return advice != MADV_FREE || (!r->vnode && !(r->flags & REGION_SHARED));
}

// What is mapped of the range is dropped even where the whole of it is not. Shared memory without a
// name lives in its pages: it stays. There is nowhere to page out to, so COLD and PAGEOUT only
// check.
static int drop(struct mm *mm, uintptr_t start, uintptr_t end, int advice)
{
	int err = range_mapped(mm, start, end);
	bool gone = advice != MADV_COLD && advice != MADV_PAGEOUT;

	for (const struct region *r = region_at(mm, start); r && r->start < end; r = r->next) {
		if (!may_drop(r, advice))
			return -EINVAL;
		if (gone && !region_shared_anonymous(r))
			range_drop(mm, MAX(start, r->start), MIN(end, r->end));
	}
	return err;
}

// What a child of fork is to have of the range: mm/fork.c. Only private memory without a file can
// be wiped.
static int fork_advice(struct mm *mm, uintptr_t start, uintptr_t end, int advice)
{
	bool wipe = advice == MADV_WIPEONFORK || advice == MADV_KEEPONFORK;

	for (const struct region *r = region_at(mm, start);
	     r && r->start < end && advice == MADV_WIPEONFORK; r = r->next)
		if (r->vnode || (r->flags & (REGION_SHARED | REGION_KERNEL)))
			return -EINVAL;
	return region_mark(mm, start, end, wipe ? REGION_WIPE : REGION_NO_FORK,
			   advice == MADV_WIPEONFORK || advice == MADV_DONTFORK);
}

int mm_advise(struct mm *mm, uintptr_t addr, size_t len, int advice)
{
	uintptr_t end;
	int err;

	if ((addr & (PAGE_SIZE - 1)) || !range_end(addr, len, &end))
		return -EINVAL;
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
	case MADV_COLD:
	case MADV_PAGEOUT:
		return drop(mm, addr, end, advice);
	case MADV_DONTFORK:
	case MADV_DOFORK:
	case MADV_WIPEONFORK:
	case MADV_KEEPONFORK:
		return fork_advice(mm, addr, end, advice);
	case MADV_REMOVE:
		return mm_punch ? mm_punch(mm, addr, end) : -EOPNOTSUPP;
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		err = fill_range(mm, addr, end, advice == MADV_POPULATE_WRITE);
		return err == -EACCES  ? -EINVAL
		       : err == -ENXIO ? -EFAULT
				       : err; // mm/madvise.c: madvise_populate
	default:
		return advice_harmless(advice) ? range_mapped(mm, addr, end) : -EINVAL;
	}
}

int mm_incore(struct mm *mm, uintptr_t addr, size_t pages, unsigned char *vec)
{
	uintptr_t end;

	if (pages > USER_HIGH >> PAGE_SHIFT || !range_end(addr, pages * PAGE_SIZE, &end) ||
	    range_mapped(mm, addr, end))
		return -ENOMEM;
	for (size_t i = 0; i < pages; i++) {
		const uint32_t *pte = pte_find(mm, addr + i * PAGE_SIZE);

		vec[i] = pte && *pte;
	}
	return 0;
}

static void count_resident(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	struct mm_usage *u = arg;

	if (*pte & PTE_IMAGE)
		return; // mapped in place: no memory
	u->resident += PAGE_SIZE;
	if (!(*pte & PTE_OWNED))
		u->shared += PAGE_SIZE;
}

void mm_usage(struct mm *mm, struct mm_usage *u)
{
	*u = (struct mm_usage){ 0 };
	for (const struct region *r = region_at(mm, 0); r; r = r->next) {
		size_t len = r->end - r->start;

		u->mapped += len;
		u->locked += r->flags & REGION_LOCKED ? len : 0;
		if (r->prot & PROT_X)
			u->text += len;
		else if (r->flags & REGION_STACK)
			u->stack += len;
		else if (r->prot & PROT_W)
			u->data += len;
		pte_each(mm, r->start, r->end, count_resident, u);
	}
}
