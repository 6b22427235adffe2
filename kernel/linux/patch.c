// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Turns call sites that have trapped PATCH_AFTER times into jumps to stubs, so that their next
// calls need no trap. Most of a program's sites run once or twice, while it starts; and the first
// on a page is dear, because the page is copied and mapped anew.
//
// In front of most `syscall` instructions stands a mov of five bytes or more: the number, an
// argument, something from the stack. Its place is taken by a jmp to a stub of the site's own,
// which does what the mov and the instructions between it and the `syscall` do, puts the address
// behind the site into %rcx and jumps to the library OS. It is no call, because a call would write
// into the program's red zone. The other instructions and the `syscall` stay, so code that jumps to
// one of them, a thread that was preempted there, and a call that is restarted, still work.
//
// Reading instructions backwards is guessing; what makes it safe is that the register has exactly
// the value that the mov sets, and that bytes which might be read in two ways are left alone. Sites
// without such a mov are looked at again at every 256th trap only.
// Stubs are on pages within reach of a rel32; the first word of a page is the address to jump to.
#include <core/user.h>
#include <linux/patch.h>
#include <linux/process.h>
#include <mm/mm.h>

#define SYSCALL_LEN 2
#define FIRST_STUB 16
#define PATCH_AFTER 16
#define SITES 64
#define MAX_PAGES 64
#define PROGRAMS 8
#define REACH 0x70000000ul

// Traps of the sites that share a slot. Who makes it PATCH_AFTER is patched; then it is the turn of
// the next, at once or, if that site cannot be patched, when the count has come round.
static uint8_t traps[SITES];
static unsigned page_count;
static bool off;           // memory is short: no more stubs

// The newest page of each program; of a few, the one that has waited longest makes room.
static struct stub_page {
	const struct mm *mm;
	uintptr_t page;
	unsigned used; // bytes
} newest[PROGRAMS];
static unsigned next_slot;

static struct stub_page *stub_page(const struct mm *mm)
{
	for (unsigned i = 0; i < PROGRAMS; i++)
		if (newest[i].mm == mm)
			return &newest[i];
	newest[next_slot % PROGRAMS] = (struct stub_page){ .mm = mm };
	return &newest[next_slot++ % PROGRAMS];
}

void patch_forget(const struct mm *mm)
{
	for (unsigned i = 0; i < PROGRAMS; i++)
		if (newest[i].mm == mm)
			newest[i] = (struct stub_page){ 0 };
	memset(traps, 0, sizeof(traps));
	page_count = 0;
	off = false;
}

static uint64_t reg_value(const struct trap_frame *f, unsigned reg)
{
	// %rax is the call's number; %rcx and %r11 the trap has overwritten: nothing is equal to
	// what they give here.
	const uint64_t values[16] = { f->nr,  UINT64_MAX, f->rdx, f->rbx, f->rsp, f->rbp,
				      f->rsi, f->rdi,	  f->r8,  f->r9,  f->r10, UINT64_MAX,
				      f->r12, f->r13,	  f->r14, f->r15 };

	return values[reg];
}

// Does the register have what the instruction sets it to?
static bool came_true(const struct trap_frame *f, const struct patch_instruction *i)
{
	uint64_t want = (uint32_t)i->value, have = reg_value(f, i->reg);

	if (i->source == PATCH_STACK_ADDRESS)
		want = f->rsp + (uint64_t)(int64_t)i->value;
	else if (i->source == PATCH_STACK_LOAD &&
		 copy_from_user(&want, (void *)(f->rsp + (uint64_t)(int64_t)i->value),
				sizeof(want)))
		return false;
	return i->wide || i->source == PATCH_IMMEDIATE ? want == have : (uint32_t)want == have;
}

// A byte in front that may be a prefix of the instruction gives it another meaning.
static bool clear_in_front(const uint8_t *window, unsigned before)
{
	return before < PATCH_WINDOW && (window[PATCH_WINDOW - before - 1] & 0xf0) != 0x40;
}

// Gives how many bytes before the `syscall` the instruction begins that is to become a jump, or 0.
static unsigned find_row(const struct trap_frame *f, const uint8_t window[PATCH_WINDOW])
{
	struct patch_instruction first;

	for (unsigned before = PATCH_LEN; before < PATCH_WINDOW; before++)
		if (patch_row(window, before, &first) && clear_in_front(window, before) &&
		    came_true(f, &first))
			return before;
	return 0;
}

// The bytes are in one private, executable region.
static bool site_ok(struct mm *mm, uintptr_t start, size_t len)
{
	const struct region *r = mm_region_at_or_above(mm, start);

	return r && r->start <= start && start + len <= r->end && (r->prot & PROT_X) &&
	       !(r->flags & (REGION_SHARED | REGION_KERNEL));
}

static bool page_near(const struct stub_page *s, uintptr_t site)
{
	uintptr_t distance = s->page > site ? s->page - site : site - s->page;

	return s->page && distance < REACH && s->used + STUB_MAX <= PAGE_SIZE;
}

static bool page_new(struct mm *mm, struct stub_page *s, uintptr_t site)
{
	uintptr_t entry = (uintptr_t)syscall_entry_fast, page;

	if (page_count == MAX_PAGES)
		return false;
	page = mm_stub_page(mm, site);
	if (!page || mm_poke(mm, page, &entry, sizeof(entry)))
		return false;
	page_count++;
	s->page = page;
	s->used = FIRST_STUB;
	return true;
}

// Gives the stub's address or 0.
static uintptr_t stub_make(struct mm *mm, const uint8_t *row, size_t len, uintptr_t back)
{
	struct stub_page *s = stub_page(mm);
	uint8_t code[STUB_MAX];
	uintptr_t at;
	size_t n;

	if (!page_near(s, back) && !page_new(mm, s, back)) {
		off = true;
		return 0;
	}
	at = s->page + s->used;
	n = patch_stub(code, at, row, len, back, s->page);
	if (!n || mm_poke(mm, at, code, n))
		return 0;
	s->used += ALIGN_UP(n, 8);
	return at;
}

static bool patch(const struct trap_frame *f)
{
	struct mm *mm = current_process()->mm;
	uint8_t window[PATCH_WINDOW], jump[PATCH_LEN];
	uintptr_t at = f->rip - SYSCALL_LEN, stub;
	unsigned before;

	if (!site_ok(mm, at - PATCH_WINDOW, PATCH_WINDOW + SYSCALL_LEN) ||
	    copy_from_user(window, (void *)(at - PATCH_WINDOW), PATCH_WINDOW))
		return false;
	before = find_row(f, window);
	if (!before)
		return false;
	stub = stub_make(mm, window + PATCH_WINDOW - before, before, f->rip);
	return stub && patch_jump(jump, at - before, stub) &&
	       mm_poke(mm, at - before, jump, PATCH_LEN) == 0;
}

void patch_site(const struct trap_frame *f)
{
	uint8_t *count = &traps[f->rip / 2 % SITES];

	// A site that was patched and traps again was reached by a jump past the mov: what is there
	// now is not decoded.
	if (!off && ++*count == PATCH_AFTER && patch(f))
		*count = 0;
}
