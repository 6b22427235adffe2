// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Clocks that are not there, and bad memory.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	struct timespec ts;
	CHECK_ERR(clock_gettime(77, &ts), EINVAL);
	CHECK_ERR(clock_getres(77, &ts), EINVAL);
	CHECK_ERR(syscall(SYS_clock_gettime, 77, &ts), EINVAL);
	CHECK_ERR(syscall(SYS_clock_gettime, CLOCK_REALTIME, BAD_PTR), EFAULT);
	CHECK_ERR(syscall(SYS_clock_getres, CLOCK_REALTIME, BAD_PTR), EFAULT);
	CHECK_ERR(syscall(SYS_gettimeofday, BAD_PTR, NULL), EFAULT);
	CHECK_ERR(clock_settime(CLOCK_MONOTONIC, &ts), EINVAL);
	return 0;
}
