// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signal masks: rt_sigprocmask, rt_sigpending, rt_sigsuspend, pause.
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/signal.h>
#include <linux/syscall.h>

#define SIGSET_SIZE 8

long sys_rt_sigprocmask(int how, const uint64_t *set, uint64_t *old, size_t size)
{
	struct thread *t = current();
	uint64_t was = t->sig.mask, bits;

	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (set) {
		if (copy_from_user(&bits, set, sizeof(bits)))
			return -EFAULT;
		if (how == SIG_BLOCK)
			bits |= was;
		else if (how == SIG_UNBLOCK)
			bits = was & ~bits;
		else if (how != SIG_SETMASK)
			return -EINVAL;
		signal_set_mask(t, bits);
	}
	return old ? copy_to_user(old, &was, sizeof(was)) : 0;
}

long sys_rt_sigpending(uint64_t *set, size_t size)
{
	struct thread *t = current();
	uint64_t bits = signal_pending_set(t) & t->sig.mask;

	if (size > SIGSET_SIZE)
		return -EINVAL;
	return copy_to_user(set, &bits, size);
}

static long sleep_for_signal(void)
{
	while (wait_sleep(FOREVER, true) != -EINTR)
		;
	return -ERESTARTNOHAND;
}

long sys_rt_sigsuspend(const uint64_t *set, size_t size)
{
	uint64_t bits;

	if (size != SIGSET_SIZE)
		return -EINVAL;
	if (copy_from_user(&bits, set, sizeof(bits)))
		return -EFAULT;
	signal_mask_temporarily(bits);
	return sleep_for_signal();
}

long sys_pause(void)
{
	return sleep_for_signal();
}
