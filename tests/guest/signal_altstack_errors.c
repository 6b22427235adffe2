// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Alternate stacks that are too small or have odd flags.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	static char stack[32768];
	stack_t ss = { .ss_sp = stack, .ss_size = 100 };
	CHECK_ERR(sigaltstack(&ss, NULL), ENOMEM);
	ss.ss_size = sizeof stack;
	ss.ss_flags = 77;
	CHECK_ERR(sigaltstack(&ss, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_sigaltstack, BAD_PTR, NULL), EFAULT);
	CHECK_ERR(syscall(SYS_sigaltstack, NULL, BAD_PTR), EFAULT);
	return 0;
}
