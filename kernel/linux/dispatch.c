// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From a frame to a system call's function and back.
//
// The table has an entry for each call that the builder found in the program. Calls that it has not
// are noted (missing.c).
#include <asm-generic/errno.h>

#include <linux/dispatch.h>
#include <linux/missing.h>
#include <linux/patch.h>
#include <linux/process.h>
#include <linux/syscall.h>

#define NR_RESTART_SYSCALL 219

static bool tracing;

void dispatch_init(const struct boot_block *boot)
{
	tracing = boot->flags & BOOT_TRACE;
}

static bool is_there(syscall_fn fn)
{
	return (uintptr_t)fn > (uintptr_t)SYSCALL_LEFT_OUT;
}

static long restart(void)
{
	struct thread *t = current();

	return t->restart ? t->restart(t) : -EINTR;
}

static __attribute__((noinline, cold)) long call_rare(struct trap_frame *f)
{
	syscall_fn fn = f->nr < SYSCALL_COUNT ? syscall_table[f->nr] : NULL;
	long r;

	if (tracing)
		trace_call(f);
	if (f->nr == NR_RESTART_SYSCALL) {
		r = restart();
	} else if (is_there(fn)) {
		r = fn(f->rdi, f->rsi, f->rdx, f->r10, f->r8, f->r9);
	} else {
		missing_call(f->nr, f->rip - 2);
		r = -ENOSYS;
	}
	if (tracing)
		trace_result(f, r);
	return r;
}

// Codes of restart never reach the program: a signal waits then, and signal_deliver() decides on
// the way back.
void syscall_dispatch(struct trap_frame *f)
{
	struct percpu *cpu = percpu();
	uint64_t nr = f->nr;
	syscall_fn fn;
	long r;

	cpu->area->syscalls++;
	if (__builtin_expect(nr < SYSCALL_COUNT && !tracing && is_there(fn = syscall_table[nr]),
			     1))
		r = fn(f->rdi, f->rsi, f->rdx, f->r10, f->r8, f->r9);
	else
		r = call_rare(f);
	if (__builtin_expect(f->nr != (uint64_t)-1, 1))
		f->rax = (uint64_t)r;
	if (__builtin_expect((unsigned long)-r - ERESTARTSYS <= ERESTART_RESTARTBLOCK - ERESTARTSYS,
			     0))
		cpu->need_resched = 1;
}

void syscall_dispatch_trapped(struct trap_frame *f)
{
	percpu()->area->syscall_traps++;
	patch_site(f);
	syscall_dispatch(f);
}
