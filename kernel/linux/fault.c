// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Faults of the program become signals. Which and with what si_code: Linux arch/x86/kernel/traps.c.
#include <asm-generic/errno.h>
#include <asm-generic/siginfo.h>
#include <asm-generic/signal.h>

#include <linux/fault.h>
#include <linux/process.h>
#include <mm/mm.h>

static void force(const struct trap_frame *f, int signo, int code, uint64_t addr)
{
	struct thread *t = current();
	struct siginfo_lite info = { .signo = signo, .code = code, .addr = addr };

	t->sig.fault_vector = f->vector;
	t->sig.fault_error = f->error;
	t->sig.fault_cr2 = f->cr2;
	signal_force(t, &info);
}

void fault_page(struct trap_frame *f)
{
	int code = SEGV_MAPERR;
	int r = mm_fault(current_process()->mm, f->cr2, f->error, f->rip, &code);

	percpu()->area->faults++;
	if (r == -EFAULT) {
		force(f, SIGSEGV, code, f->cr2);
	} else if (r == -ENXIO) {
		force(f, SIGBUS, BUS_ADRERR, f->cr2);
	} else if (r) {
		klog("out of memory at address 0x%lx: the program ends (SIGKILL); give more with "
		     "--memory",
		     f->cr2);
		process_exit(SIGKILL);
	}
}

// The cause of a vector exception is in the unmasked bits of MXCSR; of an x87 one in its status
// word.
static int float_code(uint32_t flags)
{
	if (flags & 0x01)
		return FPE_FLTINV;
	if (flags & 0x04)
		return FPE_FLTDIV;
	if (flags & 0x08)
		return FPE_FLTOVF;
	if (flags & 0x12)
		return FPE_FLTUND;
	return flags & 0x20 ? FPE_FLTRES : 0;
}

static int simd_code(void)
{
	uint32_t mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	return float_code(mxcsr & ~(mxcsr >> 7) & 0x3f);
}

static int x87_code(void)
{
	uint16_t cw, sw;

	__asm__ volatile("fnstcw %0; fnstsw %1" : "=m"(cw), "=m"(sw));
	return float_code(sw & ~(uint32_t)cw & 0x3f);
}

void fault_signal(struct trap_frame *f)
{
	switch (f->vector) {
	case TRAP_DIVIDE:
		force(f, SIGFPE, FPE_INTDIV, f->rip);
		break;
	case TRAP_FPU:
		force(f, SIGFPE, x87_code(), f->rip);
		break;
	case TRAP_SIMD:
		force(f, SIGFPE, simd_code(), f->rip);
		break;
	case TRAP_DEBUG:
		force(f, SIGTRAP, TRAP_TRACE, f->rip);
		break;
	case TRAP_BREAKPOINT:
		force(f, SIGTRAP, SI_KERNEL, 0);
		break;
	case TRAP_ILLEGAL:
		force(f, SIGILL, ILL_ILLOPN, f->rip);
		break;
	case TRAP_ALIGNMENT:
		force(f, SIGBUS, BUS_ADRALN, 0);
		break;
	default: // overflow, bound, stack segment, general protection
		force(f, SIGSEGV, SI_KERNEL, 0);
	}
}
