// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// exit: the end of a thread, and exit_group: of the program.
#include <core/user.h>
#include <linux/child.h>
#include <linux/futex_wake.h>
#include <linux/process.h>
#include <linux/syscall.h>

long sys_exit_group(int status)
{
	process_exit((status & 0xff) << 8);
}

void thread_leave(struct thread *t)
{
	uint32_t *word = t->clear_tid;

	if (t->robust_list && futex_robust_exit)
		futex_robust_exit(t);
	t->robust_list = NULL;
	t->clear_tid = NULL;
	if (!word)
		return;
	user_store32(word, 0);
	if (futex_wake_address)
		futex_wake_address(word, 1);
}

long sys_exit(int status)
{
	struct thread *t = current();

	if (t->process->thread_count == 1)
		process_exit((status & 0xff) << 8);
	thread_leave(t);
	thread_exit();
}
