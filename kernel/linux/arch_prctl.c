// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// arch_prctl: the FS base is the program's thread pointer. GS is the library OS's own.
#include <asm/prctl.h>
#include <asm-generic/errno.h>

#include <core/user.h>
#include <linux/syscall.h>

long sys_arch_prctl(int code, uint64_t addr)
{
	uint64_t base;

	switch (code) {
	case ARCH_SET_FS:
		if (addr >= USER_HIGH)
			return -EPERM;
		__asm__ volatile("wrfsbase %0" : : "r"(addr));
		return 0;
	case ARCH_GET_FS:
		__asm__ volatile("rdfsbase %0" : "=r"(base));
		return copy_to_user((void *)addr, &base, sizeof(base));
	case ARCH_GET_GS:
		base = 0;
		return copy_to_user((void *)addr, &base, sizeof(base));
	case ARCH_SET_GS:
		if (!addr)
			return 0;
		klog("arch_prctl(ARCH_SET_GS) is not possible: the GS base belongs to pith; EPERM");
		return -EPERM;
	default:
		return -EINVAL;
	}
}
