// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// rt_sigaction(2). Whoever can set a handler needs the frames.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/signal.h>
#include <linux/syscall.h>

#define SIGSET_SIZE 8

_Static_assert(sizeof(struct signal_action) == 32, "struct kernel_sigaction");

long sys_rt_sigaction(int signo, const struct signal_action *act, struct signal_action *old,
		      size_t size)
{
	struct process *p = current_process();
	struct signal_action new, was;

	if (size != SIGSET_SIZE || signo < 1 || signo > NSIG_)
		return -EINVAL;
	if (act && copy_from_user(&new, act, sizeof(new)))
		return -EFAULT;
	if (act && SIG_BIT(signo) & SIG_UNBLOCKABLE)
		return -EINVAL;
	was = p->actions[signo - 1];
	if (act) {
		signal_frames_link();
		new.mask &= ~SIG_UNBLOCKABLE;
		p->actions[signo - 1] = new;
		if (signal_ignored(p, signo))
			signal_flush(p, signo);
	}
	return old ? copy_to_user(old, &was, sizeof(was)) : 0;
}
