// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Reports of faults in programs without frame pointers. Linked where the builder asks for it (-u):
// in images of dynamic programs, whose libraries have none.
#include <core/crash.h>
#include <core/user.h>
#include <linux/process.h>
#include <mm/mm.h>

#define SCAN_WORDS 512
#define SHOWN 16

// Is there a call in front of pc? Its forms are e8 with four bytes, and ff with one to six (Intel
// SDM 2, CALL).
static bool behind_call(uintptr_t pc)
{
	const struct region *r = mm_region_at_or_above(current_process()->mm, pc);
	uint8_t b[7];

	if (!r || r->start + sizeof(b) > pc || !(r->prot & PROT_X) ||
	    copy_from_user(b, (const void *)(pc - sizeof(b)), sizeof(b)))
		return false;
	for (int i = 0; i < 6; i++)
		if (b[i] == 0xff && (b[i + 1] & 0x38) == 0x10)
			return true;
	return b[2] == 0xe8;
}

// Most programs keep no frame pointers. Then what lies on the stack and looks like a return address
// is told: the true ones are among them, in order, and some of calls long over.
void crash_scan_stack(uintptr_t rsp)
{
	uintptr_t word;
	int found = 0;

	for (int i = 0; i < SCAN_WORDS && found < SHOWN; i++) {
		if (copy_from_user(&word, (const void *)(rsp + 8 * (unsigned)i), sizeof(word)))
			return;
		if (behind_call(word)) {
			crash_print_address("perhaps at", word);
			found++;
		}
	}
}
