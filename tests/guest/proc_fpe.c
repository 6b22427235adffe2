// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A division by zero without a handler: status 136.
//
// STATUS: 136
// ERROR: yes
#include "t.h"

int main(void)
{
	say("dividing");
	__asm__ volatile("xor %%edx, %%edx\n mov $1, %%eax\n xor %%ecx, %%ecx\n div %%ecx" : : : "rax",
			"rcx", "rdx");
	return 0;
}
