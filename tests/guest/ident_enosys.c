// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System calls that no Linux has.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	volatile long number = 5000;
	CHECK_ERR(syscall(number, 1, 2, 3), ENOSYS);
	number = -1;
	CHECK_ERR(syscall(number), ENOSYS);
	number = 0x7fffffff;
	CHECK_ERR(syscall(number), ENOSYS);
	return 0;
}
