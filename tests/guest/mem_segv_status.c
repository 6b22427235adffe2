// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Without a handler SIGSEGV ends the program; what it had printed is there.
//
// STATUS: 139
// ERROR: yes
#include "t.h"

int main(void)
{
	say("before");
	*(volatile int *)BAD_PTR = 1;
	say("after");
	return 0;
}
