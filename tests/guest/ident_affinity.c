// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sched_getaffinity answers the size of its mask in bytes, with at least one CPU in it.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	unsigned long mask[128] = { 0 };
	long n = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
	CHECK(n > 0 && n % 8 == 0);
	CHECK(mask[0] != 0);
	CHECK_ERR(syscall(SYS_sched_getaffinity, 0, 7, mask), EINVAL);
	CHECK_ERR(syscall(SYS_sched_getaffinity, 0, 0, mask), EINVAL);
	CHECK_ERR(syscall(SYS_sched_getaffinity, 0x7ffffff0, sizeof mask, mask), ESRCH);
	CHECK_ERR(syscall(SYS_sched_getaffinity, 0, sizeof mask, BAD_PTR), EFAULT);
	CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
	return 0;
}
