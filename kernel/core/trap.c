// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Faults and ticks.
#include <core/crash.h>
#include <core/output.h>
#include <core/work.h>
#include <linux/fault.h>
#include <linux/process.h>
#include <mm/mm.h>

static bool from_kernel(const struct trap_frame *f)
{
	return f->rip >= percpu()->text_va && f->rip < percpu()->text_end;
}

// The program's memory, touched by a system call: the page is filled, or the call sees -EFAULT.
// Everything else is our own fault.
static void trap_kernel(struct trap_frame *f)
{
	uintptr_t resume = user_fixup(f->rip);
	int code;

	if (f->vector == TRAP_PAGE && resume) {
		percpu()->area->faults++;
		if (mm_fault(current_process()->mm, f->cr2, f->error, f->rip, &code))
			f->rip = resume;
		return;
	}
	if (f->vector == TRAP_PROTECTION && resume) { // not a canonical address
		f->rip = resume;
		return;
	}
	crash_kernel(f);
}

// A jump into nowhere by the library OS itself: the program's stack is never in the library OS's
// window.
static bool kernel_stack(const struct trap_frame *f)
{
	return f->rsp >= WINDOW_LOW && f->rsp < WINDOW_HIGH;
}

void trap_dispatch(struct trap_frame *f)
{
	if (from_kernel(f)) {
		trap_kernel(f);
		return;
	}
	if (kernel_stack(f))
		crash_kernel(f);
	if (f->vector == TRAP_TICK)
		work_tick();
	else if (f->vector == TRAP_PAGE)
		fault_page(f);
	else
		fault_signal(f);
	return_work(f);
}
