// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Calls to the nucleus (include/pith/nucleus.h). Arguments come from CPL 3 and are checked by the
// page-table editor.
#include <errno.h>
#include <stdint.h>

#include "nucleus/layout.h"
#include <pith/boot.h>

extern struct nucleus_data nucleus_data; // at a fixed distance from the code: nucleus.lds

#define FLUSH_PAGES 32 /* more than these: all */

static void flush(const struct pt *pt)
{
	uint64_t pages = 0, at;
	uint32_t i;

	for (i = 0; i < pt->flush_count; i++)
		pages += pt->flush[i].len >> PAGE_SHIFT;
	if (pt->flush_all || pages > FLUSH_PAGES) {
		__asm__ volatile("mov %%cr3, %%rax; mov %%rax, %%cr3" ::: "rax", "memory");
		return;
	}
	for (i = 0; i < pt->flush_count; i++)
		for (at = 0; at < pt->flush[i].len; at += PAGE_SIZE)
			__asm__ volatile("invlpg (%0)" :: "r"(pt->flush[i].va + at) : "memory");
}

long nucleus_call(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t nr)
{
	struct pt *pt = &nucleus_data.pt;
	long err;

	if (nr == NCALL_MAP)
		err = pt_map(pt, a, b, c, (unsigned)d);
	else if (nr == NCALL_UNMAP)
		err = pt_unmap(pt, a, b);
	else if (nr == NCALL_PROTECT)
		err = pt_protect(pt, a, b, (unsigned)c);
	else if (nr == NCALL_SEAL)
		return pt->flags |= PT_F_SEALED, 0;
	else
		return -ENOSYS;
	flush(pt);
	return err;
}
