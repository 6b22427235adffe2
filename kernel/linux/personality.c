// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// personality(2): PER_LINUX only.
#include <asm-generic/errno.h>

#include <linux/syscall.h>

#define QUERY 0xffffffffu

long sys_personality(unsigned persona)
{
	return !persona || persona == QUERY ? 0 : -EINVAL;
}
