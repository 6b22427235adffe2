// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Processes beside the first: how they begin and how they end. See process.h for their states.
//
// A child of vfork or posix_spawn (CLONE_VM) has its parent's memory until it calls execve, which
// gives it a part of the address space of its own. A child of fork gets a copy of its parent's
// memory (mm/fork.c).
//
// The end: process_finish() marks all threads; each ends on its own way out by
// process_thread_end(); the last gives back what the process had, and process_thread_ended(), when
// it is gone, makes a zombie and tells the parent.
#include <asm-generic/errno.h>
#include <linux/eventpoll.h>
#include <linux/sched.h>

#include <core/user.h>
#include <fs/file.h>
#include <fs/vnode.h>
#include <linux/child.h>
#include <linux/clone.h>
#include <linux/patch.h>
#include <linux/signal.h>
#include <mm/mm.h>
#include <sched/run.h>
#include <sched/thread.h>

#define MAY                                                                                        \
	(CLONE_VM | CLONE_VFORK | CLONE_FILES | CLONE_PARENT | CLONE_PIDFD | CLONE_SETTLS |        \
	 CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CLONE_CLEAR_SIGHAND |   \
	 CLONE_IO | CLONE_SYSVSEM | CLONE_UNTRACED | CLONE_DETACHED | CLONE_PTRACE)

// Found by their weak names; this brings them in.
void *const child_needs[] __attribute__((used)) = { (void *)terminal_link };

bool process_id_in_use(int id)
{
	list_for_each(l, &process_list) {
		const struct process *p = list_entry(l, struct process, link);

		if (p->pid == id || p->pgid == id || p->sid == id)
			return true;
	}
	return false;
}

static long check(const struct clone_request *c)
{
	if (c->flags & ~(uint64_t)MAY) {
		klog("clone with flags 0x%lx: a process of its own shares its parent's memory and "
		     "files or copies them, and nothing else is there (EINVAL)",
		     c->flags);
		return -EINVAL;
	}
	return (c->flags & CLONE_SETTLS) && c->tls >= USER_HIGH ? -EPERM : 0;
}

void invocation_put(struct invocation *i)
{
	if (--i->refs)
		return;
	kfree((void *)(uintptr_t)i->args.bytes);
	kfree((void *)(uintptr_t)i->env.bytes);
	kfree(i->exe);
	kfree(i);
}

void process_put(struct process *p)
{
	if (--p->refs)
		return;
	kassert(p->zombie);
	invocation_put(p->invocation);
	if (p->groups && !--p->groups->refs)
		kfree(p->groups);
	kfree(p);
}

void process_drop_mm(struct mm *mm)
{
	if (mm_put(mm))
		patch_forget(mm);
}

// What goes at the end of a process, or when it could not be made.
static void give_back(struct process *p)
{
	fd_table_put(p->files);
	process_drop_mm(p->mm);
	vnode_put(p->cwd);
	vnode_put(p->root);
	p->files = NULL;
	p->mm = NULL;
	p->cwd = p->root = NULL;
}

static void default_handlers(struct process *p)
{
	for (size_t i = 0; i < ARRAY_LEN(p->actions); i++)
		if (p->actions[i].handler != (uint64_t)SIG_IGN)
			p->actions[i] = (struct signal_action){ 0 };
}

// All of the caller's process but its threads. NULL: no memory.
static struct process *process_copy(const struct clone_request *c)
{
	struct process *from = current_process(), *p = kmalloc(sizeof(*p));

	if (!p)
		return NULL;
	*p = *from;
	process_lists_init(p);
	p->refs = 1;
	p->thread_count = 0;
	p->sig_pending = 0;
	p->vfork = NULL;
	p->itimers = NULL;
	p->subreaper = false;
	p->pdeathsig = 0;
	p->dead_cpu_ns = p->child_cpu_ns = 0;
	p->start_ns = time_now();
	p->exit_signal = c->exit_signal;
	p->invocation->refs++;
	if (p->groups)
		p->groups->refs++;
	vnode_get(p->cwd);
	vnode_get(p->root);
	p->files = c->flags & CLONE_FILES ? fd_table_get(p->files) : fd_table_copy(p->files);
	p->mm = c->flags & CLONE_VM ? mm_get(p->mm) : mm_fork(p->mm);
	if (c->flags & CLONE_CLEAR_SIGHAND)
		default_handlers(p);
	return p;
}

static void process_discard(struct process *p)
{
	give_back(p);
	list_del(&p->link);
	p->zombie = true;
	process_put(p);
}

static void adopt(struct process *p, struct process *parent)
{
	list_del(&p->sibling);
	p->parent = parent;
	p->ppid = parent ? parent->pid : 1;
	if (parent)
		list_add_tail(&parent->children, &p->sibling);
	else
		list_init(&p->sibling);
}

// Stands still until the child has other memory.
static void vfork_wait(struct process *child, struct thread *t)
{
	struct vfork v = { .over = WAIT_QUEUE_INIT(v.over) };
	struct waiter w;

	child->vfork = &v;
	wait_begin(&v.over, &w);
	thread_start(t);
	while (!v.done)
		wait_sleep(FOREVER, false);
	wait_end(&w);
}

void vfork_over(struct process *child)
{
	struct vfork *v = child->vfork;

	child->vfork = NULL;
	if (!v)
		return;
	v->done = true;
	wake_all(&v->over, 0);
}

// The ids that were asked for. As on Linux, one that cannot be stored is the program's own problem,
// but for the descriptor.
static long tell_ids(const struct clone_request *c, struct process *p)
{
	long fd;

	if (c->flags & CLONE_PARENT_SETTID)
		(void)user_store32(c->parent_tid, (uint32_t)p->pid);
	if (c->flags & CLONE_PIDFD) {
		fd = pidfd_new(p, 0);
		if (fd < 0)
			return fd;
		if (user_store32((uint32_t *)c->pidfd, (uint32_t)fd)) {
			fd_close((int)fd);
			return -EFAULT;
		}
	}
	return 0;
}

long process_clone(const struct clone_request *c)
{
	struct process *me = current_process(), *p;
	long r = check(c);
	struct thread *t;
	int pid;

	if (r)
		return r;
	p = process_copy(c);
	if (!p)
		return -ENOMEM;
	t = p->files && p->mm ? thread_create(p) : NULL;
	if (!t) {
		process_discard(p);
		return -EAGAIN;
	}
	pid = p->pid = t->tid;
	r = tell_ids(c, p);
	if (r) {
		thread_unlink(t);
		thread_free(t);
		process_discard(p);
		return r;
	}
	adopt(p, c->flags & CLONE_PARENT ? me->parent : me);
	thread_inherit(t, c->rsp, c->flags & CLONE_SETTLS ? &c->tls : NULL);
	// Who has the parent's stack, or a copy of it, goes on with its alternate one.
	if (!(c->flags & CLONE_VM) || (c->flags & CLONE_VFORK)) {
		t->sig.altstack_base = current()->sig.altstack_base;
		t->sig.altstack_len = current()->sig.altstack_len;
		t->sig.altstack_flags = current()->sig.altstack_flags;
	}
	t->clear_tid = c->flags & CLONE_CHILD_CLEARTID ? c->child_tid : NULL;
	t->set_tid = c->flags & CLONE_CHILD_SETTID ? c->child_tid : NULL;
	if (c->flags & CLONE_VFORK)
		vfork_wait(p, t);
	else if (c->flags & CLONE_VM)
		thread_start(t);
	else
		thread_run_now(t); // what it changes before it calls execve is copied once
	return pid;
}

void process_stop_threads(struct process *p, const struct thread *but)
{
	list_for_each(l, &p->threads) {
		struct thread *t = list_entry(l, struct thread, all);

		if (t == but)
			continue;
		t->exiting = true;
		if (t->interruptible)
			thread_wake(t);
	}
}

// A subreaper among the ancestors, or the outside.
static struct process *new_parent(const struct process *p)
{
	struct process *r = p->parent;

	while (r && (!r->subreaper || r->exiting || r->zombie))
		r = r->parent;
	return r;
}

static void orphan_children(struct process *p)
{
	list_for_each_safe(l, &p->children) {
		struct process *child = list_entry(l, struct process, sibling), *to = new_parent(p);
		struct siginfo_lite info = { .signo = child->pdeathsig, .code = SI_USER };

		adopt(child, to);
		if (child->zombie && to)
			wake_all(&to->child_wait, 0);
		else if (child->zombie)
			process_reap(child);
		else if (info.signo)
			signal_process(child, &info);
	}
}

// By the last thread: it still runs, but in nobody's memory.
static void release(struct process *p)
{
	memcpy(p->comm, current()->comm, sizeof(p->comm));
	vfork_over(p);
	if (itimers_forget)
		itimers_forget(p);
	if (posix_timers_forget)
		posix_timers_forget(p);
	give_back(p);
	for (int signo = 1; signo <= NSIG_; signo++)
		signal_flush(p, signo);
	orphan_children(p);
}

void process_thread_end(void)
{
	struct thread *t = current();

	thread_leave(t);
	if (t->process->thread_count == 1)
		release(t->process);
	thread_exit();
}

void process_finish(int wait_status)
{
	struct process *p = current_process();

	if (!p->exiting)
		p->exit_status = wait_status;
	p->exiting = true;
	process_stop_threads(p, current());
	process_thread_end();
}

void child_info(struct siginfo_lite *info, const struct process *p)
{
	int sig = p->exit_status & 0x7f;

	*info = (struct siginfo_lite){
		.signo = SIGCHLD,
		.code = sig ? CLD_KILLED : CLD_EXITED,
		.pid = p->pid,
		.uid = (int32_t)p->uid,
		.addr = (uint64_t)(sig ? sig : p->exit_status >> 8 & 0xff),
	};
}

// A daemon forks and its parent ends: it is the program that goes on. So it does as long as a fork
// of the first process lives that has not called execve.
bool process_succeeded(int wait_status)
{
	struct process *p = init_process;

	list_for_each(l, &process_list) {
		struct process *other = list_entry(l, struct process, link);

		if (wait_status || other == p || other->exiting || !other->mm ||
		    !mm_related(p->mm, other->mm))
			continue;
		klog("the first process has ended; %d, which it forked, goes on as the program",
		     other->pid);
		init_process = other;
		return true;
	}
	return false;
}

static void tell_parent(struct process *p)
{
	struct process *parent = p->parent;
	const struct signal_action *sa = &parent->actions[SIGCHLD - 1];
	struct siginfo_lite info;
	bool unwanted = p->exit_signal == SIGCHLD &&
			(sa->handler == (uint64_t)SIG_IGN || (sa->flags & SA_NOCLDWAIT));

	child_info(&info, p);
	info.signo = p->exit_signal;
	if (info.signo && sa->handler != (uint64_t)SIG_IGN)
		signal_process(parent, &info);
	wake_all(&parent->child_wait, 0);
	if (unwanted)
		process_reap(p);
}

void process_thread_ended(struct process *p)
{
	if (p->thread_count == 1)
		wake_all(&p->child_wait, 0); // execve waits for the others
	if (p->thread_count)
		return;
	p->zombie = true;
	wake_all(&p->ended, EPOLLIN);
	if (p->parent)
		tell_parent(p);
	else
		process_reap(p);
}

void process_reap(struct process *p)
{
	if (p->parent)
		p->parent->child_cpu_ns += p->dead_cpu_ns + p->child_cpu_ns;
	adopt(p, NULL);
	list_del(&p->link);
	list_init(&p->link);
	process_put(p);
}
