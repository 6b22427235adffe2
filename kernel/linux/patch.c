// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Turns `mov $nr, %eax; syscall` into a jump to a stub, so that the call needs no trap.
//
// Only the five bytes of the mov change; the `syscall` behind it stays, so code that jumps right to it, and a thread that was preempted
// between the two, still work. A stub is of the site's own: mov $nr,%eax; lea site_end(%rip),%rcx; jmp *entry. It is no call,
// because a call would write into the program's red zone. Stubs are on pages within reach of a rel32; the first eight bytes of a page
// are the address of syscall_entry_fast. Sites without the pattern are remembered in a small table, so that they are not
// decoded at every trap.
#include <core/user.h>
#include <linux/patch.h>
#include <linux/process.h>
#include <mm/mm.h>

#define PATTERN 7 /* mov and syscall */
#define STUB_STRIDE 24
#define FIRST_STUB 16
#define FAILED_SLOTS 64
#define MAX_PAGES 64
#define REACH 0x70000000ul

static uintptr_t failed[FAILED_SLOTS];
static uintptr_t pages[MAX_PAGES];
static unsigned page_count;
static unsigned page_used; // bytes of the newest page
static bool off;           // memory is short: no more stubs

static bool failed_before(uintptr_t site)
{
	return failed[site / 2 % FAILED_SLOTS] == site;
}

static void remember_failed(uintptr_t site)
{
	failed[site / 2 % FAILED_SLOTS] = site;
}

// The seven bytes are in one private, executable region.
static bool site_ok(struct mm *mm, uintptr_t start)
{
	const struct region *r = mm_region_at_or_above(mm, start);

	return r && r->start <= start && start + PATTERN <= r->end && (r->prot & PROT_X) &&
	       !(r->flags & (REGION_SHARED | REGION_KERNEL));
}

static bool page_near(uintptr_t site)
{
	uintptr_t page = page_count ? pages[page_count - 1] : 0;
	uintptr_t distance = page > site ? page - site : site - page;

	return page && distance < REACH && page_used + STUB_STRIDE <= PAGE_SIZE;
}

static bool page_new(struct mm *mm, uintptr_t site)
{
	uintptr_t entry = (uintptr_t)syscall_entry_fast, page;

	if (page_count == MAX_PAGES)
		return false;
	page = mm_stub_page(mm, site);
	if (!page || mm_poke(mm, page, &entry, sizeof(entry)))
		return false;
	pages[page_count++] = page;
	page_used = FIRST_STUB;
	return true;
}

// Gives the stub's address or 0.
static uintptr_t stub_make(struct mm *mm, uintptr_t site, uint32_t nr)
{
	uint8_t code[STUB_LEN];
	uintptr_t at;

	if (!page_near(site) && !page_new(mm, site)) {
		off = true;
		return 0;
	}
	at = pages[page_count - 1] + page_used;
	if (!patch_stub(code, at, nr, site + PATTERN, pages[page_count - 1]))
		return 0;
	if (mm_poke(mm, at, code, sizeof(code)))
		return 0;
	page_used += STUB_STRIDE;
	return at;
}

static bool patch(struct mm *mm, uintptr_t site, uint32_t nr)
{
	uint8_t code[PATTERN], jump[PATCH_LEN];
	uintptr_t stub;

	if (!site_ok(mm, site) || copy_from_user(code, (void *)site, PATTERN) || !patch_match(code, nr))
		return false;
	stub = stub_make(mm, site, nr);
	return stub && patch_jump(jump, site, stub) && mm_poke(mm, site, jump, PATCH_LEN) == 0;
}

void patch_site(uintptr_t rip, uint32_t nr)
{
	uintptr_t site = rip - PATTERN;

	if (off || failed_before(site))
		return;
	if (!patch(current_process()->mm, site, nr))
		remember_failed(site);
}
