// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mlock and its kind. Memory is never paged out here, so what a lock changes is that the pages are
// there before they are touched, and that madvise may not drop them. Errors are Linux's
// (mm/mlock.c): what was mapped of a range is locked even where not all of it is.
#include <asm-generic/errno-base.h>
#include <linux/mman.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <mm/space.h>

static struct mm *current_mm(void) { return current_process()->mm; }

// Makes the pages of a region present. What may be written to in private is made the program's own.
static int fill(struct mm *mm, struct region *r, uintptr_t start, uintptr_t end)
{
	bool write = (r->prot & PROT_W) && !(r->flags & REGION_SHARED);

	if (!(r->prot & (PROT_R | PROT_W | PROT_X)))
		return -ENOMEM;
	return region_fill(mm, r, start, end, write) ? -ENOMEM : 0;
}

static long lock(struct mm *mm, uintptr_t addr, size_t len, bool on, bool fill_now)
{
	uintptr_t start = ALIGN_DOWN(addr, PAGE_SIZE);
	uintptr_t end = start + ALIGN_UP(len + (addr - start), PAGE_SIZE);
	int err;

	// A length that wraps around to 0 is no error on Linux.
	if (end < start)
		return -EINVAL;
	if (start == end)
		return 0;
	if (end > USER_HIGH)
		return -ENOMEM;
	err = region_mark(mm, start, end, REGION_LOCKED, on);
	for (struct region *r = region_at(mm, start); r && r->start < end && !err && fill_now;
	     r = r->next)
		err = fill(mm, r, MAX(start, r->start), MIN(end, r->end));
	return err;
}

long sys_mlock(uintptr_t addr, size_t len)
{
	return lock(current_mm(), addr, len, true, true);
}

long sys_mlock2(uintptr_t addr, size_t len, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return lock(current_mm(), addr, len, true, !(flags & MLOCK_ONFAULT));
}

long sys_munlock(uintptr_t addr, size_t len)
{
	return lock(current_mm(), addr, len, false, false);
}

static void lock_all(struct mm *mm, bool on, bool fill_now)
{
	for (struct region *r = region_at(mm, 0); r; r = r->next) {
		if (r->flags & REGION_KERNEL)
			continue;
		r->flags = (uint16_t)(on ? r->flags | REGION_LOCKED : r->flags & ~REGION_LOCKED);
		if (fill_now)
			fill(mm, r, r->start, r->end); // what cannot be had is let be, as on Linux
	}
	region_join(mm, 0, USER_HIGH);
}

long sys_mlockall(int flags)
{
	struct mm *mm = current_mm();

	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags == MCL_ONFAULT)
		return -EINVAL;
	mm->lock_new = flags & MCL_FUTURE;
	mm->lock_fills = !(flags & MCL_ONFAULT);
	if (flags & MCL_CURRENT)
		lock_all(mm, true, mm->lock_fills);
	return 0;
}

long sys_munlockall(void)
{
	current_mm()->lock_new = false;
	lock_all(current_mm(), false, false);
	return 0;
}
