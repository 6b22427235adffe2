// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// membarrier(2): with one processor every entry to the library OS is a barrier for all threads; it
// also sees code that was changed. What remains is that a process says beforehand what it will use.
#include <asm-generic/errno.h>
#include <linux/membarrier.h>

#include <linux/process.h>
#include <linux/syscall.h>

#define REGISTERED                                                                                 \
	(MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE)
#define REGISTER                                                                                   \
	(MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED | MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED |    \
	 MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE)
#define COMMANDS                                                                                   \
	(MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED | REGISTERED | REGISTER)

// A command that is to be registered has the bit above its own for that.
_Static_assert(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED ==
		       MEMBARRIER_CMD_PRIVATE_EXPEDITED << 1 &&
		       MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE ==
			       MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE << 1,
	       "include/uapi/linux/membarrier.h");

long sys_membarrier(int cmd, unsigned flags, int cpu)
{
	struct process *p = current_process();

	if (flags)
		return -EINVAL;
	if (cmd == MEMBARRIER_CMD_QUERY)
		return COMMANDS;
	if (cmd < 0 || (cmd & (cmd - 1)) || !(cmd & COMMANDS))
		return -EINVAL;
	if (cmd & REGISTERED)
		return p->barriers & (uint32_t)cmd << 1 ? 0 : -EPERM;
	p->barriers |= (uint32_t)cmd & REGISTER;
	return 0;
}
