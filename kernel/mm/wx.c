// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Memory that a program maps writable and executable at once, in an image that was not built with
// --wx: each page of it is either, never both. It starts writable (PTE_CODE is clear); the fault of
// whoever wants to run it makes it executable, the fault of whoever wants to write makes it
// writable again. So just-in-time compilers work as they come, and page tables never hold a page
// that is both. On one vcpu nobody can see the difference, but for an instruction that writes into
// the page it lies in: it would fault for ever, and needs --wx.
#include <core/percpu.h>
#include <mm/space.h>

#define INSTRUCTION_MAX 15 // bytes: Intel SDM vol. 2, 2.3.11

bool wx_switched(const struct mm *mm, const struct region *r)
{
	return !mm->wx && (r->prot & (PROT_W | PROT_X)) == (PROT_W | PROT_X);
}

// The instruction that wants to write to the page at va lies in it at least in part.
static bool writes_to_itself(const struct mm *mm, uintptr_t va, uintptr_t rip)
{
	uintptr_t page = ALIGN_DOWN(rip, PAGE_SIZE);

	return page == va || (page + PAGE_SIZE == va && rip + INSTRUCTION_MAX > va &&
			      mm->code_va == va && mm->code_rip == rip);
}

bool wx_switch(struct mm *mm, uintptr_t va, uint64_t error, uintptr_t rip, uint32_t *pte)
{
	percpu()->area->wx_switches++;
	if (error & TRAP_PF_EXEC) {
		*pte |= PTE_CODE;
		mm->code_va = va;
		mm->code_rip = rip;
	} else if (error & TRAP_PF_WRITE) {
		if (writes_to_itself(mm, va, rip)) {
			klog("an instruction at 0x%lx writes into the page that it is in; build "
			     "the image with --wx to allow it",
			     rip);
			return false;
		}
		*pte &= ~PTE_CODE;
	}
	return true;
}
