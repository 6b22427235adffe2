// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// getcpu answers a CPU that the affinity mask has.
#include "t.h"

int main(void)
{
	unsigned cpu = 9999, node = 9999;
	SHOW(syscall(SYS_getcpu, &cpu, &node, NULL));
	CHECK(cpu < 1024 && node < 1024);
	CHECK(sched_getcpu() >= 0);
	SHOW(syscall(SYS_getcpu, NULL, NULL, NULL));
	CHECK_ERR(syscall(SYS_getcpu, BAD_PTR, NULL, NULL), EFAULT);
	return 0;
}
