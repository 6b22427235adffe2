// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mremap: grows or shrinks a mapping in place, or moves it. Moving moves the entries of the software table; no page is copied.
#include <asm-generic/errno-base.h>
#include <linux/mman.h>
#include <fs/vnode.h>
#include <mm/space.h>

struct move {
	intptr_t by;
	struct region *to;
	int err;
};

static void move_page(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	struct move *m = arg;
	uint32_t entry = *pte;

	if (m->err)
		return;
	m->err = plat->map(va + (uintptr_t)m->by, pte_pa(mm, entry), PAGE_SIZE, pte_prot(m->to, entry));
	if (!m->err)
		m->err = pte_set(mm, va + (uintptr_t)m->by, entry);
	if (m->err)
		return;
	frame_get(pte_pa(mm, entry)); // two hold it until the old range is dropped
}

// Gives the region of the whole old mapping split off at its borders, or NULL with *err.
static struct region *take_old(struct mm *mm, uintptr_t old, size_t len, int *err)
{
	struct region *r = region_find(mm, old);

	*err = -EFAULT;
	if (!r || r->end < old + len || (r->flags & REGION_KERNEL))
		return NULL;
	*err = -ENOMEM;
	if (region_split(mm, old) || region_split(mm, old + len))
		return NULL;
	*err = 0;
	return region_find(mm, old);
}

static bool grow_in_place(struct mm *mm, struct region *r, uintptr_t end, uintptr_t new_end)
{
	struct region more = *r;

	if (r->end != end || !range_valid(end, new_end - end) || !range_free(mm, end, new_end))
		return false;
	more.start = end;
	more.end = new_end;
	more.off = r->off + (r->vnode ? end - r->start : 0);
	return region_insert(mm, &more);
}

static long move(struct mm *mm, struct region *from, size_t new_len, uintptr_t to)
{
	size_t old_len = from->end - from->start;
	struct region r = *from;
	struct move m = { .by = (intptr_t)(to - from->start) };
	uintptr_t old = from->start;

	r.start = to;
	r.end = to + new_len;
	// Destination chunks first, so that move_page needs no memory and the hash does not change under pte_each.
	for (uintptr_t va = to; va < to + MIN(old_len, new_len); va = ALIGN_DOWN(va, CHUNK_PAGES * PAGE_SIZE) + CHUNK_PAGES * PAGE_SIZE)
		if (chunk_find(mm, old + (va - to)) || chunk_find(mm, old + (va - to) + CHUNK_PAGES * PAGE_SIZE - PAGE_SIZE))
			if (!chunk_make(mm, va))
				return -ENOMEM;
	m.to = region_insert(mm, &r);
	if (!m.to)
		return -ENOMEM;
	pte_each(mm, old, old + MIN(old_len, new_len), move_page, &m);
	if (m.err) {
		mm_unmap(mm, to, new_len);
		return m.err;
	}
	mm_unmap(mm, old, old_len);
	return (long)to;
}

long mm_remap(struct mm *mm, uintptr_t old, size_t old_len, size_t new_len, unsigned flags, uintptr_t new_addr)
{
	struct region *r;
	uintptr_t to;
	int err;

	if ((old & (PAGE_SIZE - 1)) || !new_len || (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED)) ||
	    ((flags & MREMAP_FIXED) && (!(flags & MREMAP_MAYMOVE) || (new_addr & (PAGE_SIZE - 1)))))
		return -EINVAL;
	old_len = ALIGN_UP(old_len, PAGE_SIZE);
	new_len = ALIGN_UP(new_len, PAGE_SIZE);
	if (!old_len || new_len > USER_HIGH || old + old_len < old)
		return -EINVAL;
	if (flags & MREMAP_FIXED) {
		if (!range_valid(new_addr, new_len) || (new_addr < old + old_len && old < new_addr + new_len))
			return -EINVAL;
	} else if (new_len <= old_len) {
		err = region_find(mm, old) ? 0 : -EFAULT;
		if (!err && new_len < old_len)
			err = mm_unmap(mm, old + new_len, old_len - new_len);
		return err ? err : (long)old;
	}
	r = region_find(mm, old);
	if (!r || r->end < old + old_len)
		return -EFAULT;
	if (!(flags & MREMAP_FIXED) && grow_in_place(mm, r, old + old_len, old + new_len))
		return (long)old;
	if (!(flags & MREMAP_MAYMOVE))
		return -ENOMEM;
	to = flags & MREMAP_FIXED ? new_addr : gap_below(mm, mm->mmap_top, new_len, PAGE_SIZE);
	if (!to)
		return -ENOMEM;
	if ((flags & MREMAP_FIXED) && (err = mm_unmap(mm, to, new_len)))
		return err;
	r = take_old(mm, old, old_len, &err);
	return r ? move(mm, r, new_len, to) : err;
}
