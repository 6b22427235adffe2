// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mremap: grows or shrinks a mapping in place, or moves it. Moving moves the entries of the
// software table; no page is copied.
#include <asm-generic/errno-base.h>
#include <linux/mman.h>
#include <mm/space.h>

struct move {
	intptr_t by;
	struct region *to;
	struct run run;
};

// The destination's chunks exist, so this cannot fail: what the platform refuses is mapped by
// faults.
static void move_page(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	struct move *m = arg;
	uint32_t entry = *pte;
	uintptr_t to = va + (uintptr_t)m->by;

	frame_get(pte_pa(mm, entry)); // two hold it until the old range is dropped
	pte_set(mm, to, entry);
	run_add(&m->run, to, pte_pa(mm, entry), PAGE_SIZE, pte_prot(mm, m->to, entry));
}

static bool grow_in_place(struct mm *mm, struct region *r, uintptr_t end, uintptr_t new_end)
{
	struct region more = *r;

	if (r->end != end || !range_valid(end, new_end - end) || !range_free(mm, end, new_end))
		return false;
	more.start = end;
	more.end = new_end;
	more.off = r->off + (r->vnode ? end - r->start : 0);
	region_insert(mm, &more);
	return true;
}

// Makes the chunks that [to, to+len) needs for what is present in the same length at old.
static int chunks_for(struct mm *mm, uintptr_t old, uintptr_t to, size_t len)
{
	uintptr_t next;

	for (uintptr_t va = to; va < to + len; va = next) {
		next = MIN(ALIGN_DOWN(va, CHUNK_SIZE) + CHUNK_SIZE, to + len);
		if ((chunk_find(mm, old + (va - to)) ||
		     chunk_find(mm, old + (next - to) - PAGE_SIZE)) &&
		    !chunk_make(mm, va)) {
			chunk_drop_empty(mm, to, to + len);
			return -ENOMEM;
		}
	}
	return 0;
}

// Moves [old, old+len), which lies in one region, to [to, to+new_len), which is free. len is not
// more than new_len.
static int move(struct mm *mm, uintptr_t old, size_t len, uintptr_t to, size_t new_len, bool keep)
{
	struct region *from = region_find(mm, old), r = *from;
	struct move m = { .by = (intptr_t)(to - old) };

	if (chunks_for(mm, old, to, len))
		return -ENOMEM;
	r.off += r.vnode ? old - r.start : 0;
	r.start = to;
	r.end = to + new_len;
	m.to = region_insert(mm, &r);
	pte_each(mm, old, old + len, move_page, &m);
	run_flush(&m.run);
	chunk_drop_empty(mm, to, to + new_len);
	if (!keep)
		return mm_unmap(mm, old, len);
	range_drop(mm, old, old + len);
	return 0;
}

// Shared memory a second time, at an address of its own: what an old length of 0 asks for.
static long map_again(struct mm *mm, uintptr_t old, size_t len, unsigned flags, uintptr_t to)
{
	const struct region *r = region_find(mm, old);
	unsigned how = MAP_SHARED | (flags & MREMAP_FIXED ? MAP_FIXED : 0);

	if (!r)
		return -EFAULT;
	if (!(r->flags & REGION_SHARED) || (r->flags & REGION_KERNEL) || !r->vnode)
		return -EINVAL;
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	if (r->flags & REGION_READONLY)
		how |= MAP_DENYWRITE;
	return mm_map(mm, to, len, r->prot, how, r->vnode, r->off + (old - r->start));
}

static int check(const struct mm *mm, uintptr_t old, size_t *old_len, size_t *new_len,
		 unsigned flags, uintptr_t new_addr)
{
	uintptr_t end;

	if ((old & (PAGE_SIZE - 1)) || (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP)) ||
	    ((flags & MREMAP_DONTUNMAP) && (!(flags & MREMAP_MAYMOVE) || *old_len != *new_len)) ||
	    !*new_len || *new_len > USER_HIGH || !range_end(old, *old_len, &end))
		return -EINVAL;
	*old_len = ALIGN_UP(*old_len, PAGE_SIZE);
	*new_len = ALIGN_UP(*new_len, PAGE_SIZE);
	if (!(flags & MREMAP_FIXED))
		return 0;
	if (range_foreign(mm, new_addr, new_addr + *new_len))
		return -ENOMEM;
	if (!(flags & MREMAP_MAYMOVE) || (new_addr & (PAGE_SIZE - 1)) ||
	    !range_valid(new_addr, *new_len) || (new_addr < end && old < new_addr + *new_len))
		return -EINVAL;
	return 0;
}

long mm_remap(struct mm *mm, uintptr_t old, size_t old_len, size_t new_len, unsigned flags,
	      uintptr_t new_addr)
{
	int err = check(mm, old, &old_len, &new_len, flags, new_addr);
	uintptr_t to = new_addr;
	struct region *r;

	if (err)
		return err;
	if (!old_len)
		return map_again(mm, old, new_len, flags, flags & MREMAP_FIXED ? to : 0);
	r = region_find(mm, old);
	if (!r || (r->flags & REGION_KERNEL))
		return -EFAULT;
	if (new_len < old_len) {
		err = mm_unmap(mm, old + new_len, old_len - new_len);
		if (err)
			return err;
		old_len = new_len;
		r = region_find(mm, old);
	}
	if (new_len == old_len && !(flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)))
		return (long)old;
	if (r->end < old + old_len)
		return -EFAULT;
	if (region_reserve(mm))
		return -ENOMEM;
	if (!(flags & MREMAP_FIXED)) {
		if (new_len > old_len && grow_in_place(mm, r, old + old_len, old + new_len))
			return (long)old;
		to = flags & MREMAP_MAYMOVE ? gap_below(mm->mmap_top, new_len, PAGE_SIZE) : 0;
		if (!to)
			return -ENOMEM;
	} else {
		err = mm_unmap(mm, to, new_len);
	}
	if (!err)
		err = move(mm, old, old_len, to, new_len, flags & MREMAP_DONTUNMAP);
	return err ? err : (long)to;
}
