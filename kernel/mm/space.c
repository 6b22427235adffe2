// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The calls that change the address space: map, unmap, brk, and mappings of the library OS; each
// checks everything, then acts.
#include <asm-generic/errno.h>
#include <linux/mman.h>
#include <fs/vnode.h>
#include <mm/kstack.h>
#include <mm/space.h>

#define GIB (1ul << 30)
#define LOW_2GIB 0x80000000ul // MAP_32BIT
#define STUB_RESERVE 16       // pages of address space for call-site stubs at a time
#define STUB_REACH 0x70000000ul // a jmp rel32 reaches 2 GiB; the rest is for the length of the text

struct mm *mm_list;
static struct mm settings; // what all have in common

// Linux-like randomness: 28 bits of pages for mappings (arch/x86/mm/mmap.c: mmap_rnd_bits).
struct mm *mm_new(void)
{
	static uint32_t kin;
	struct mm *mm = kmalloc(sizeof(*mm));

	if (!mm)
		return NULL;
	*mm = settings;
	mm->kin = ++kin;
	mm->refs = 1;
	mm->rank = (uint32_t)random_u64() | 1;
	mm->mmap_top = USER_HIGH - GIB - ((random_u64() & 0xfffffff) << PAGE_SHIFT);
	mm->next = mm_list;
	return mm_list = mm;
}

struct mm *mm_create(const struct boot_block *boot)
{
	kstack_init(boot);
	settings.ram_pa = boot->ram_pa;
	settings.image_pa = boot->image_pa;
	settings.wx = boot->flags & BOOT_WX;
	return mm_new();
}

struct mm *mm_get(struct mm *mm)
{
	mm->refs++;
	return mm;
}

bool mm_alone(const struct mm *mm)
{
	return mm->refs == 1 && !mm->family;
}

bool mm_put(struct mm *mm)
{
	struct mm **link = &mm_list;

	if (!mm || --mm->refs)
		return false;
	if (mm->family)
		family_withdraw(mm);
	// Region by region: others have theirs in between.
	while (mm->tree) {
		range_drop(mm, mm->tree->start, mm->tree->end);
		region_remove(mm, mm->tree);
	}
	if (mm->family)
		family_leave(mm);
	while (*link != mm)
		link = &(*link)->next;
	*link = mm->next;
	for (size_t i = 0; i < REGION_SPARES; i++)
		kfree(mm->spare[i]);
	kfree(mm->buckets);
	kfree(mm);
	return true;
}

static uintptr_t choose(struct mm *mm, uintptr_t hint, size_t len, unsigned flags,
			struct vnode *vnode)
{
	size_t align = !vnode && len >= CHUNK_SIZE ? CHUNK_SIZE : PAGE_SIZE;
	uintptr_t top, at;

	hint = ALIGN_DOWN(hint, PAGE_SIZE);
	if (hint && !(flags & MAP_32BIT) && range_valid(hint, len) &&
	    range_free(mm, hint, hint + len))
		return hint;
	top = flags & MAP_32BIT ? LOW_2GIB : mm->mmap_top;
	at = gap_below(top, len, align);
	return at || align == PAGE_SIZE ? at : gap_below(top, len, PAGE_SIZE);
}

// Where a new mapping goes: an address, or a negative errno. Changes nothing.
static long place(struct mm *mm, uintptr_t addr, size_t len, unsigned flags, struct vnode *vnode)
{
	uintptr_t at;

	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr & (PAGE_SIZE - 1))
			return -EINVAL;
		if (!range_valid(addr, len))
			return addr < USER_LOW ? -EPERM : -ENOMEM;
		if ((flags & MAP_FIXED_NOREPLACE) && !range_free(mm, addr, addr + len))
			return -EEXIST;
		if (range_foreign(mm, addr, addr + len))
			return -ENOMEM;
		return (long)addr;
	}
	at = choose(mm, addr, len, flags, vnode);
	return at ? (long)at : -ENOMEM;
}

static int check(size_t len, unsigned prot, unsigned flags, struct vnode *vnode, uint64_t off)
{
	unsigned type = flags & MAP_TYPE;

	if (!len || (off & (PAGE_SIZE - 1)) ||
	    (type != MAP_SHARED && type != MAP_PRIVATE && type != MAP_SHARED_VALIDATE))
		return -EINVAL;
	if (type == MAP_SHARED_VALIDATE && (flags & MAP_SYNC))
		return -EOPNOTSUPP;
	if (flags & MAP_HUGETLB)
		return -ENOMEM;
	if (len > USER_HIGH)
		return -ENOMEM;
	if (vnode && !vnode->ops->get_page)
		return -ENODEV;
	if (vnode && off + len < off)
		return -EOVERFLOW;
	// As Linux's heuristic: more private writable memory at once than a machine has cannot be
	// meant.
	if (!vnode && (prot & PROT_W) && !(flags & MAP_NORESERVE) &&
	    len > MAX(frame_total() << PAGE_SHIFT, GIB))
		return -ENOMEM;
	return 0;
}

long mm_map(struct mm *mm, uintptr_t addr, size_t len, unsigned prot, unsigned flags,
	    struct vnode *vnode, uint64_t off)
{
	struct region r = { .prot = prot, .vnode = vnode, .off = off }, *made;
	int err = check(len, prot, flags, vnode, off);
	long at;

	if (err)
		return err;
	len = ALIGN_UP(len, PAGE_SIZE);
	at = place(mm, addr, len, flags, vnode);
	if (at < 0)
		return at;
	err = region_reserve(mm);
	if (!err && (flags & MAP_FIXED))
		err = mm_unmap(mm, (uintptr_t)at, len);
	if (err)
		return err;
	r.start = (uintptr_t)at;
	r.end = r.start + len;
	if ((flags & MAP_TYPE) != MAP_PRIVATE)
		r.flags = REGION_SHARED;
	if (r.flags && vnode && (flags & MAP_DENYWRITE))
		r.flags |= REGION_READONLY;
	if ((flags & MAP_GROWSDOWN) && !vnode)
		r.flags |= REGION_GROWS;
	if (mm->lock_new || (flags & MAP_LOCKED))
		r.flags |= REGION_LOCKED;
	made = region_insert(mm, &r);
	if ((flags & (MAP_POPULATE | MAP_LOCKED) || (mm->lock_new && mm->lock_fills)) && prot)
		region_fill(mm, made, r.start, r.end,
			    (prot & PROT_W) && !(r.flags & REGION_SHARED));
	else if (vnode && (flags & MAP_FIXED) && (prot & (PROT_W | PROT_X)))
		fill_segment(mm, made, r.start, r.end);
	return at;
}

int mm_unmap(struct mm *mm, uintptr_t addr, size_t len)
{
	struct region *r, *next;
	uintptr_t end;

	if ((addr & (PAGE_SIZE - 1)) || !len || !range_end(addr, len, &end) || end > USER_HIGH)
		return -EINVAL;
	for (r = region_at(mm, addr); r && r->start < end; r = r->next)
		if (r->flags & REGION_KERNEL)
			return -EPERM;
	if (region_reserve(mm))
		return -ENOMEM;
	region_split(mm, addr);
	region_split(mm, end);
	range_drop(mm, addr, end);
	for (r = region_at(mm, addr); r && r->start < end; r = next) {
		next = r->next;
		region_remove(mm, r);
	}
	return 0;
}

long mm_brk(struct mm *mm, uintptr_t brk)
{
	uintptr_t old = ALIGN_UP(mm->brk, PAGE_SIZE), end = ALIGN_UP(brk, PAGE_SIZE);
	struct region r = { .start = old, .end = end, .prot = PROT_R | PROT_W, .name = "[heap]" };
	struct region *made;

	if (brk < mm->brk_start || end < brk)
		return (long)mm->brk;
	if (end > old) {
		if (end - mm->brk_start > MAX(frame_total() << PAGE_SHIFT, GIB) ||
		    !range_valid(old, end - old) || !range_free(mm, old, end + PAGE_SIZE) ||
		    region_reserve(mm))
			return (long)mm->brk;
		if (mm->lock_new)
			r.flags |= REGION_LOCKED;
		made = region_insert(mm, &r);
		if (mm->lock_new && mm->lock_fills)
			region_fill(mm, made, old, end, true);
	} else if (end < old && mm_unmap(mm, end, old - end)) {
		return (long)mm->brk;
	}
	return (long)(mm->brk = brk);
}

uintptr_t mm_stub_page(struct mm *mm, uintptr_t near)
{
	struct region r = { .prot = PROT_R | PROT_X, .flags = REGION_KERNEL, .name = "[calls]" };
	uintptr_t next = mm->stub_page + PAGE_SIZE;
	struct region *last = mm->stub_page ? region_find(mm, mm->stub_page) : NULL;

	if (last && next < last->end && next + STUB_REACH > near && near + STUB_REACH > next)
		return mm->stub_page = next;
	r.start = gap_below(near, STUB_RESERVE * PAGE_SIZE, PAGE_SIZE);
	if (!r.start || near - r.start > STUB_REACH || region_reserve(mm))
		return 0;
	r.end = r.start + STUB_RESERVE * PAGE_SIZE;
	region_insert(mm, &r);
	return mm->stub_page = r.start;
}

uintptr_t mm_map_kernel(struct mm *mm, const paddr_t *pages, size_t count, unsigned prot,
			const char *name)
{
	struct region r = { .prot = prot, .flags = REGION_KERNEL | REGION_SHARED, .name = name };

	r.start = gap_below(mm->mmap_top, count * PAGE_SIZE, PAGE_SIZE);
	r.end = r.start + count * PAGE_SIZE;
	if (!r.start || region_reserve(mm))
		return 0;
	region_insert(mm, &r);
	for (size_t i = 0; i < count; i++) {
		if (pte_set(mm, r.start + i * PAGE_SIZE, pte_make(mm, pages[i], true)))
			return 0;
		frame_get(pages[i]);
	}
	return r.start; // the platform is told on the first faults
}
