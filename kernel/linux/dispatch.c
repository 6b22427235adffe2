// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// From a frame to a system call's function and back.
//
// The table has an entry for each call that the builder found in the program. Calls that it has not
// are told once each, with what to do about it.
#include <asm-generic/errno.h>

#include <core/console.h>
#include <linux/dispatch.h>
#include <linux/patch.h>
#include <linux/process.h>
#include <linux/syscall.h>

#define NR_RESTART_SYSCALL 219

static bool tracing;
static uint64_t told[(SYSCALL_COUNT + 63) / 64];

void dispatch_init(const struct boot_block *boot)
{
	tracing = boot->flags & BOOT_TRACE;
}

static void tell_missing(const struct trap_frame *f)
{
	uint64_t nr = f->nr, bit = 1ull << nr % 64;

	if (nr >= SYSCALL_COUNT) {
		klog("system call %lu at 0x%lx does not exist: ENOSYS", nr, f->rip - 2);
		return;
	}
	if (told[nr / 64] & bit)
		return;
	told[nr / 64] |= bit;
	klog("system call %s (%lu) at 0x%lx is not in this image: ENOSYS; add it with `pith build "
	     "--call %s`",
	     syscall_name((unsigned)nr), nr, f->rip - 2, syscall_name((unsigned)nr));
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
	} else if (fn) {
		r = fn(f->rdi, f->rsi, f->rdx, f->r10, f->r8, f->r9);
	} else {
		tell_missing(f);
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
	if (__builtin_expect(nr < SYSCALL_COUNT && !tracing && (fn = syscall_table[nr]), 1))
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
