// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fork, and programs that depend on their position: several at the same addresses of one address
// space.
//
// The child gets a copy of its parent's regions and of its software page table, and no page is
// copied: both hold the frames, and neither may write to a private one until it has made its own.
// Parent, child and all that they fork are a family. Of a family one is live: what the platform has
// mapped at the family's addresses is according to its table, and only it may run. When another is
// to run (sched/run.c), the platform is told the pages in which the two differ. A child that soon
// calls execve or ends, as nearly all do, costs two such changes, of the few pages that it has
// written to.
//
// A program that must be where another one is joins that one's family (mm_join), with nothing in
// common: at a change all pages go, and come back by faults.
//
// The platform needs nothing for this, and it is right for any fork; but two that run in turns pay
// at every turn.
#include <asm-generic/errno-base.h>
#include <fs/vnode.h>
#include <mm/space.h>

struct family {
	struct mm *live;
	unsigned members;
};

struct vnode *mm_memory_file(size_t len)
{
	struct vnode *v = tmpfs_new_file(0600);
	struct kstat st = { .size = ALIGN_UP(len, PAGE_SIZE) };

	if (v && v->ops->setattr(v, &st, ATTR_SIZE)) {
		vnode_put(v);
		return NULL;
	}
	return v;
}

static bool copy_regions(struct mm *to, const struct mm *from)
{
	for (const struct region *r = region_at(from, 0); r; r = r->next) {
		struct region copy = *r;

		if (r->flags & REGION_NO_FORK)
			continue;
		if (region_reserve(to))
			return false;
		copy.flags &= (uint16_t)~REGION_LOCKED; // locks are not inherited: mlock(2)
		region_insert(to, &copy);
	}
	return true;
}

struct share {
	struct mm *to;
	bool failed, private;
};

static void make_chunk(struct mm *mm, struct chunk *c, void *arg)
{
	struct share *s = arg;

	s->failed = s->failed || !chunk_make(s->to, c->base);
}

// The child's chunk exists, so this cannot fail.
static void share_page(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	struct share *s = arg;

	if (s->private && (*pte & PTE_OWNED))
		*pte = (*pte & ~PTE_OWNED) | PTE_COPY;
	frame_get(pte_pa(mm, *pte));
	pte_set(s->to, va, *pte);
}

struct mm *mm_fork(struct mm *mm)
{
	struct family *f = mm->family ? mm->family : kzalloc(sizeof(*f));
	struct mm *child = f ? mm_new() : NULL;
	struct share s = { .to = child };

	if (child && copy_regions(child, mm))
		chunk_walk(mm, 0, USER_HIGH, make_chunk, &s);
	else
		s.failed = true;
	if (s.failed) {
		mm_put(child);
		if (!mm->family)
			kfree(f);
		return NULL;
	}
	for (struct region *r = region_at(mm, 0); r; r = r->next) {
		if (r->flags & (REGION_NO_FORK | REGION_WIPE))
			continue; // none of its pages
		s.private = !(r->flags & REGION_SHARED);
		pte_each(mm, r->start, r->end, share_page, &s);
		if (s.private && (r->prot & PROT_W))
			region_protect(mm, r, r->start, r->end);
	}
	child->mmap_top = mm->mmap_top;
	child->brk_start = mm->brk_start;
	child->brk = mm->brk;
	child->stub_page = mm->stub_page;
	child->kin = mm->kin;
	if (!mm->family)
		*f = (struct family){ .live = mm, .members = 1 };
	f->members++;
	mm->family = child->family = f;
	return child;
}

// The one that has something in [start, end) besides these two. *err: there are several, that are
// not one family.
static struct mm *occupant(const struct mm *mm, const struct mm *going, uintptr_t start,
			   uintptr_t end, int *err)
{
	struct mm *found = NULL;

	for (struct mm *other = mm_list; other; other = other->next) {
		const struct region *r = region_at(other, start);

		if (other == mm || other == going || !r || r->start >= end)
			continue;
		if (found && !(found->family && found->family == other->family))
			*err = -EEXIST;
		found = other;
	}
	return found;
}

int mm_join(struct mm *mm, uintptr_t start, uintptr_t end, const struct mm *going)
{
	int err = 0;
	struct mm *other = occupant(mm, going, start, end, &err);
	struct family *f;

	if (err || !other)
		return err;
	f = other->family ? other->family : kzalloc(sizeof(*f));
	if (!f)
		return -ENOMEM;
	if (!other->family)
		*f = (struct family){ .live = other, .members = 1 };
	f->members++;
	other->family = mm->family = f;
	return 0;
}

// A change from one member to another. What is to be unmapped waits to be told in one call, as
// `run` is.
struct change {
	struct mm *to;
	const struct region *from_region, *to_region; // to_region NULL: `to` has nothing there
	uintptr_t start, end;                         // the part where both are the same
	struct run run;
	uintptr_t gone, gone_end;
};

static void gone_flush(struct change *c)
{
	if (c->gone_end > c->gone)
		plat->unmap(c->gone, c->gone_end - c->gone);
	c->gone = c->gone_end = 0;
}

static void gone_add(struct change *c, uintptr_t va)
{
	if (c->gone_end != va) {
		gone_flush(c);
		c->gone = va;
	}
	c->gone_end = va + PAGE_SIZE;
}

static void change_page(struct mm *from, uintptr_t va, uint32_t *pte, void *arg)
{
	struct change *c = arg;
	const uint32_t *slot = c->to_region ? pte_find(c->to, va) : NULL;
	uint32_t old = *pte, new = slot ? *slot : 0;
	unsigned prot;

	if (!new) {
		gone_add(c, va);
		return;
	}
	prot = pte_prot(c->to, c->to_region, new);
	if (pte_pa(from, old) != pte_pa(c->to, new) || pte_prot(from, c->from_region, old) != prot)
		run_add(&c->run, va, pte_pa(c->to, new), PAGE_SIZE, prot);
}

// Most chunks are alike where the regions are.
static void change_chunk(struct mm *from, struct chunk *c, void *arg)
{
	struct change *ch = arg;
	uintptr_t start = MAX(ch->start, c->base), end = MIN(ch->end, c->base + CHUNK_SIZE);
	const struct chunk *other = chunk_find(ch->to, c->base);
	size_t first = (start - c->base) >> PAGE_SHIFT, pages = (end - start) >> PAGE_SHIFT;

	if (other && ch->to_region && ch->from_region->prot == ch->to_region->prot &&
	    !memcmp(&c->pte[first], &other->pte[first], pages * sizeof(*c->pte)))
		return;
	pte_each(from, start, end, change_page, ch);
}

static void change_part(struct change *c, struct mm *from, const struct region *to_region,
			uintptr_t start, uintptr_t end)
{
	if (start >= end)
		return;
	c->to_region = to_region;
	c->start = start;
	c->end = end;
	chunk_walk(from, start, end, change_chunk, c);
}

static void change_region(struct change *c, struct mm *from)
{
	const struct region *r = c->from_region;
	uintptr_t at = r->start;

	for (const struct region *t = region_at(c->to, at); t && t->start < r->end; t = t->next) {
		change_part(c, from, NULL, at, MAX(at, t->start));
		at = MAX(at, t->start);
		change_part(c, from, t, at, MIN(t->end, r->end));
		at = MIN(t->end, r->end);
	}
	change_part(c, from, NULL, at, r->end);
}

void mm_enter(struct mm *mm)
{
	struct family *f = mm->family;
	struct mm *from = f ? f->live : mm;
	struct change c = { .to = mm };

	if (from == mm)
		return;
	for (const struct region *r = region_at(from, 0); r; r = r->next) {
		c.from_region = r;
		change_region(&c, from);
	}
	gone_flush(&c);
	run_flush(&c.run);
	f->live = mm;
}

bool mm_live(const struct mm *mm)
{
	return !mm->family || mm->family->live == mm;
}

bool mm_related(const struct mm *a, const struct mm *b)
{
	return a != b && a->kin == b->kin;
}

// Nobody else holds it any more: it may be written in place again.
static void own_page(struct mm *mm, uintptr_t va, uint32_t *pte, void *arg)
{
	paddr_t pa = pte_pa(mm, *pte);

	if ((*pte & PTE_COPY) && frame_count(pa) == 1)
		*pte = (*pte & ~PTE_COPY) | PTE_OWNED;
}

static struct mm *relative(const struct mm *mm)
{
	for (struct mm *other = mm_list; other; other = other->next)
		if (other != mm && other->family == mm->family)
			return other;
	return NULL;
}

void family_withdraw(struct mm *mm)
{
	if (mm_live(mm))
		mm_enter(relative(mm));
}

void family_leave(struct mm *mm)
{
	struct family *f = mm->family;
	struct mm *last = f->live;

	mm->family = NULL;
	if (--f->members > 1)
		return;
	kfree(f);
	last->family = NULL;
	for (struct region *r = region_at(last, 0); r; r = r->next) {
		if ((r->flags & REGION_SHARED) || !(r->prot & PROT_W))
			continue;
		pte_each(last, r->start, r->end, own_page, NULL);
		region_protect(last, r, r->start, r->end);
	}
}
