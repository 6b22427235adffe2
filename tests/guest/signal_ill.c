// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An undefined instruction: SIGILL at its address; skipping it by the context's RIP.
//
// ERROR: yes
#include "t.h"
#include <ucontext.h>

static volatile int hits;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	ucontext_t *uc = ctx;
	hits++;
	if ((greg_t)si->si_addr != uc->uc_mcontext.gregs[REG_RIP])
		_exit(3);
	uc->uc_mcontext.gregs[REG_RIP] += 2;
}

int main(void)
{
	t_catch_info(SIGILL, handler, 0);
	__asm__ volatile("ud2");
	SHOW(hits);
	__asm__ volatile("ud2\n ud2");
	SHOW(hits);
	return 0;
}
