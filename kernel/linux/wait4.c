// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Waiting for children: there are never any.
#include <asm-generic/errno.h>

#include <linux/syscall.h>

long sys_wait4(void)
{
	return -ECHILD;
}

long sys_waitid(void)
{
	return -ECHILD;
}
