// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The small calls of a thread about itself.
#include <linux/process.h>
#include <linux/syscall.h>

long sys_set_tid_address(uint32_t *addr)
{
	current()->clear_tid = addr;
	return current()->tid;
}

long sys_gettid(void)
{
	return current()->tid;
}

long sys_sched_yield(void)
{
	sched_yield_now();
	return 0;
}
