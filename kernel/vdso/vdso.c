// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Puts the vDSO into the program's address space: one page, made like a page of call-site stubs,
// with the address of the clock written into it. The page of the clock is the program's to read
// like all of the library OS's data, so no second mapping is needed.
#include <mm/mm.h>
#include <sched/sched.h>
#include <vdso/vdso.h>

extern const uint8_t vdso_image[], vdso_image_end[]; // kernel/vdso/image.S
uintptr_t vdso_map(struct mm *mm);

// The image has this word where the clock's address goes (vdso/image/vdso_image.c).
#define CLOCK_MARK 0x6b636f6c636f7376ull

void vdso_link(void)
{
}

static bool set_clock(uint8_t *page, size_t len)
{
	const uint64_t mark = CLOCK_MARK;
	uint64_t clock = (uint64_t)&percpu()->area->clock;

	for (size_t at = 0; at + sizeof(mark) <= len; at += sizeof(mark)) {
		if (memcmp(page + at, &mark, sizeof(mark)))
			continue;
		memcpy(page + at, &clock, sizeof(clock));
		return true;
	}
	return false;
}

// Gives the address, or 0: then the program makes system calls.
uintptr_t vdso_map(struct mm *mm)
{
	size_t len = (size_t)(vdso_image_end - vdso_image);
	uintptr_t at = 0;
	uint8_t *copy = len <= PAGE_SIZE ? kmalloc(PAGE_SIZE) : NULL;

	if (!copy)
		return 0;
	memset(copy, 0, PAGE_SIZE);
	memcpy(copy, vdso_image, len);
	if (set_clock(copy, len))
		at = mm_stub_page(mm, USER_HIGH / 2);
	if (at && mm_poke(mm, at, copy, PAGE_SIZE))
		at = 0;
	kfree(copy);
	return at;
}
