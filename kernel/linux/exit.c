// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// exit: the end of a thread, and exit_group: of the program.
#include <core/user.h>
#include <linux/futex_wake.h>
#include <linux/process.h>
#include <linux/syscall.h>

long sys_exit_group(int status)
{
	process_exit((status & 0xff) << 8);
}

// What a thread leaves behind is told to who waits for it: robust mutexes that it holds, and the
// word that pthread_join waits on.
static void leave(struct thread *t)
{
	if (t->robust_list && futex_robust_exit)
		futex_robust_exit(t);
	if (!t->clear_tid)
		return;
	user_store32(t->clear_tid, 0);
	if (futex_wake_address)
		futex_wake_address(t->clear_tid, 1);
}

long sys_exit(int status)
{
	struct thread *t = current();

	if (t->process->thread_count == 1)
		process_exit((status & 0xff) << 8);
	leave(t);
	thread_exit();
}
