// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The first page is not mapped: reads, writes and calls through NULL fault there.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static void *volatile addr;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	addr = si->si_addr;
	siglongjmp(jump, 1);
}

int main(void)
{
	char *volatile null = NULL;
	void (*volatile function)(void) = NULL;
	t_catch_info(SIGSEGV, handler, 0);
	if (!sigsetjmp(jump, 1))
		null[16] = 1;
	SHOW((uintptr_t)addr);
	if (!sigsetjmp(jump, 1))
		(void)*(volatile char *)(null + 4095);
	SHOW((uintptr_t)addr);
	addr = (void *)1;
	if (!sigsetjmp(jump, 1))
		function();
	SHOW((uintptr_t)addr);
	return 0;
}
