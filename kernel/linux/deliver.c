// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Delivering signals: on the way back to the program, with the registers that it would go on with.
#include <asm-generic/errno.h>

#include <core/crash.h>
#include <linux/signal.h>
#include <linux/syscall.h>

#define NR_RESTART_SYSCALL 219
#define SYSCALL_LEN 2

const struct signal_frame_ops *signal_frames;

static void fatal(struct trap_frame *f, const struct siginfo_lite *info) __attribute__((noreturn));
static void fatal(struct trap_frame *f, const struct siginfo_lite *info)
{
	char what[96];

	if (signal_default(info->signo) != DEFAULT_CORE)
		process_exit(info->signo);
	if (info->code > 0 && info->code != SI_KERNEL)
		ksnprintf(what, sizeof(what), "%s at address 0x%lx", signal_name(info->signo),
			  info->addr);
	else
		ksnprintf(what, sizeof(what), "%s", signal_name(info->signo));
	crash_report(f, what);
	process_exit(info->signo); // no core is written, so none is told of
}

// The system call that the signal interrupted is made again: the program goes on at its `syscall`
// instruction, which is still there when the site in front of it was patched.
static void call_again(struct trap_frame *f, uint64_t nr)
{
	f->rax = nr;
	f->rip -= SYSCALL_LEN;
}

// `sa` is the handler that runs now, or NULL if none does.
static void settle_restart(struct trap_frame *f, const struct signal_action *sa)
{
	long r = (long)f->rax;

	if (f->nr == (uint64_t)-1)
		return;
	if (r == -ERESTARTSYS && (!sa || (sa->flags & SA_RESTART)))
		call_again(f, f->nr);
	else if (r == -ERESTARTNOHAND && !sa)
		call_again(f, f->nr);
	else if (r == -ERESTART_RESTARTBLOCK && !sa)
		call_again(f, NR_RESTART_SYSCALL);
	else if (r == -ERESTARTSYS || r == -ERESTARTNOHAND || r == -ERESTART_RESTARTBLOCK)
		f->rax = (uint64_t)-EINTR;
	else
		return;
	f->nr = (uint64_t)-1;
}

static void handle(struct trap_frame *f, const struct siginfo_lite *info)
{
	struct thread *t = current();
	struct signal_action *entry = &t->process->actions[info->signo - 1], sa = *entry;
	uint64_t mask = t->sig.restore_mask ? t->sig.saved_mask : t->sig.mask;
	struct siginfo_lite again = { .signo = SIGSEGV, .code = SI_KERNEL };

	settle_restart(f, &sa);
	t->sig.restore_mask = false;
	if (!signal_frames->push(f, info, &sa, mask)) {
		if (info->signo == SIGSEGV)
			entry->handler = (uint64_t)SIG_DFL;
		signal_force(t, &again);
		return;
	}
	if (sa.flags & SA_RESETHAND)
		entry->handler = (uint64_t)SIG_DFL;
	t->sig.mask |= sa.mask | (sa.flags & SA_NODEFER ? 0 : SIG_BIT(info->signo));
	t->sig.mask &= ~SIG_UNBLOCKABLE;
}

static void deliver_one(struct trap_frame *f, const struct siginfo_lite *info)
{
	struct process *p = current_process();
	uint64_t handler = p->actions[info->signo - 1].handler;

	if (signal_ignored(p, info->signo))
		return;
	if (handler != (uint64_t)SIG_DFL) {
		handle(f, info);
		return;
	}
	if (signal_default(info->signo) == DEFAULT_STOP) {
		klog("%s: an instance does not stop itself; ignored", signal_name(info->signo));
		return;
	}
	fatal(f, info);
}

void signal_deliver(struct trap_frame *f)
{
	struct thread *t = current();
	struct siginfo_lite info;

	while (signal_pending_set(t) & ~t->sig.mask) {
		if (signal_take(t, ~t->sig.mask, &info))
			deliver_one(f, &info);
	}
	settle_restart(f, NULL);
	if (t->sig.restore_mask) {
		t->sig.restore_mask = false;
		signal_set_mask(t, t->sig.saved_mask);
	}
}
