// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// membarrier(2): with one processor every entry to the library OS is a barrier for all threads.
#include <asm-generic/errno.h>
#include <linux/membarrier.h>

#include <linux/syscall.h>

#define COMMANDS                                                                                   \
	(MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_PRIVATE_EXPEDITED |                                \
	 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)

long sys_membarrier(int cmd, unsigned flags, int cpu)
{
	if (flags)
		return -EINVAL;
	if (cmd == MEMBARRIER_CMD_QUERY)
		return COMMANDS;
	return cmd > 0 && !(cmd & (cmd - 1)) && (cmd & COMMANDS) ? 0 : -EINVAL;
}
