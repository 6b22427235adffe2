// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// clone(2) for threads. Processes are refused: one program an instance.
#include <asm-generic/errno.h>
#include <linux/sched.h>

#include <core/user.h>
#include <linux/process.h>
#include <linux/syscall.h>
#include <sched/fpu.h>

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define SIGNAL_MASK 0xffull

static long check(uint64_t flags)
{
	static bool told;

	if ((flags & CLONE_THREAD && !(flags & CLONE_SIGHAND)) ||
	    (flags & CLONE_SIGHAND && !(flags & CLONE_VM)))
		return -EINVAL;
	if ((flags & THREAD_FLAGS) == THREAD_FLAGS)
		return 0;
	if (!told)
		klog("clone without CLONE_THREAD: an instance runs one program; there are no child "
		     "processes (ENOSYS)");
	told = true;
	return -ENOSYS;
}

// The child begins where the parent is, with 0 as its result.
static void inherit(struct thread *t, const struct thread *parent, uint64_t rsp)
{
	*t->frame = *parent->frame;
	t->frame->rax = 0;
	t->frame->rcx = t->frame->rip;
	t->frame->nr = (uint64_t)-1;
	if (rsp)
		t->frame->rsp = rsp;
	fpu_save(t->fpu);
	__asm__ volatile("rdfsbase %0" : "=r"(t->fs_base));
	t->sig.mask = parent->sig.mask;
	memcpy(t->comm, parent->comm, sizeof(t->comm));
}

long sys_clone(uint64_t flags, uint64_t rsp, uint32_t *parent_tid, uint32_t *child_tid,
	       uint64_t tls)
{
	struct thread *t;
	long r = check(flags & ~SIGNAL_MASK);

	if (r)
		return r;
	if (flags & CLONE_SETTLS && tls >= USER_HIGH)
		return -EPERM;
	t = thread_create(current_process());
	if (!t)
		return -EAGAIN;
	inherit(t, current(), rsp);
	if (flags & CLONE_SETTLS)
		t->fs_base = tls;
	if (flags & CLONE_CHILD_CLEARTID)
		t->clear_tid = child_tid;
	// As on Linux, a tid that cannot be stored is the program's own problem.
	if (flags & CLONE_PARENT_SETTID)
		(void)user_store32(parent_tid, (uint32_t)t->tid);
	if (flags & CLONE_CHILD_SETTID)
		(void)user_store32(child_tid, (uint32_t)t->tid);
	thread_start(t);
	return t->tid;
}
