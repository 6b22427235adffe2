// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Waiting for children: there are never any.
#include <asm-generic/errno.h>

#include <linux/syscall.h>

#define WAIT_OPTIONS (WNOHANG | WUNTRACED | WCONTINUED | WALL | WCLONE | WNOTHREAD)
#define WNOHANG 0x1
#define WUNTRACED 0x2
#define WEXITED 0x4
#define WCONTINUED 0x8
#define WNOWAIT 0x01000000
#define WNOTHREAD 0x20000000u
#define WALL 0x40000000u
#define WCLONE 0x80000000u

long sys_wait4(int pid, int *status, unsigned options)
{
	return options & ~WAIT_OPTIONS ? -EINVAL : -ECHILD;
}

long sys_waitid(int which, int id, void *info, unsigned options)
{
	if (options & ~(WAIT_OPTIONS | WEXITED | WNOWAIT) ||
	    !(options & (WEXITED | WUNTRACED | WCONTINUED)))
		return -EINVAL;
	return which < 0 || which > 3 ? -EINVAL : -ECHILD;
}
