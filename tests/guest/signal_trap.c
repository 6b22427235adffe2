// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// int3: SIGTRAP, with RIP after the instruction.
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	t_catch(SIGTRAP, handler, 0);
	__asm__ volatile("int3");
	__asm__ volatile("int3");
	SHOW(hits);
	return 0;
}
