// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fork and vfork: clone's oldest shapes.
#include <asm-generic/signal.h>
#include <linux/sched.h>

#include <linux/child.h>
#include <linux/syscall.h>

long sys_fork(void)
{
	struct clone_request c = { .exit_signal = SIGCHLD };

	return process_clone(&c);
}

long sys_vfork(void)
{
	struct clone_request c = { .flags = CLONE_VM | CLONE_VFORK, .exit_signal = SIGCHLD };

	return process_clone(&c);
}
