// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A breakpoint without a handler: status 133.
//
// STATUS: 133
// ERROR: yes
#include "t.h"

int main(void)
{
	say("executing int3");
	__asm__ volatile("int3");
	return 0;
}
