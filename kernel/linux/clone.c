// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// clone(2): threads here; processes where the image has them (linux/child.c).
#include <asm-generic/errno.h>
#include <linux/sched.h>

#include <core/user.h>
#include <linux/clone.h>
#include <linux/syscall.h>
#include <sched/fpu.h>

#define THREAD_FLAGS (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD)
#define SIGNAL_MASK 0xffull

#pragma weak process_clone

void thread_inherit(struct thread *t, uint64_t rsp, const uint64_t *tls)
{
	const struct thread *parent = current();

	*t->frame = *parent->frame;
	t->frame->rax = 0;
	t->frame->rcx = t->frame->rip;
	t->frame->nr = (uint64_t)-1;
	if (rsp)
		t->frame->rsp = rsp;
	fpu_save(t->fpu);
	__asm__ volatile("rdfsbase %0" : "=r"(t->fs_base));
	if (tls)
		t->fs_base = *tls;
	t->sig.mask = parent->sig.mask;
	memcpy(t->comm, parent->comm, sizeof(t->comm));
	t->kept = parent->kept;
}

static long thread_clone(const struct clone_request *c)
{
	struct thread *t;

	if ((c->flags & CLONE_SETTLS) && c->tls >= USER_HIGH)
		return -EPERM;
	t = thread_create(current_process());
	if (!t)
		return -EAGAIN;
	thread_inherit(t, c->rsp, c->flags & CLONE_SETTLS ? &c->tls : NULL);
	if (c->flags & CLONE_CHILD_CLEARTID)
		t->clear_tid = c->child_tid;
	// As on Linux, a tid that cannot be stored is the program's own problem.
	if (c->flags & CLONE_PARENT_SETTID)
		(void)user_store32(c->parent_tid, (uint32_t)t->tid);
	if (c->flags & CLONE_CHILD_SETTID)
		(void)user_store32(c->child_tid, (uint32_t)t->tid);
	thread_start(t);
	return t->tid;
}

long clone_any(const struct clone_request *c)
{
	static bool told;

	if ((c->flags & CLONE_THREAD && !(c->flags & CLONE_SIGHAND)) ||
	    (c->flags & CLONE_SIGHAND && !(c->flags & CLONE_VM)) ||
	    (c->flags & CLONE_CLEAR_SIGHAND && c->flags & CLONE_SIGHAND))
		return -EINVAL;
	if ((c->flags & THREAD_FLAGS) == THREAD_FLAGS)
		return thread_clone(c);
	if (process_clone)
		return process_clone(c);
	if (!told)
		klog("clone of a process: this image has no processes, because its program cannot "
		     "wait for one (ENOSYS); add them with `pith build --call wait4`");
	told = true;
	return -ENOSYS;
}

long sys_clone(uint64_t flags, uint64_t rsp, uint32_t *parent_tid, uint32_t *child_tid,
	       uint64_t tls)
{
	struct clone_request c = {
		.flags = flags & ~SIGNAL_MASK,
		.exit_signal = (int)(flags & SIGNAL_MASK),
		.rsp = rsp,
		.tls = tls,
		.parent_tid = parent_tid,
		.child_tid = child_tid,
		.pidfd = (int32_t *)parent_tid,
	};

	if ((flags & CLONE_PIDFD) && (flags & CLONE_PARENT_SETTID))
		return -EINVAL;
	return clone_any(&c);
}
