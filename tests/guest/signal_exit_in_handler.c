// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// _exit from a fault's handler gives the status.
//
// STATUS: 42
// ERROR: yes
#include "t.h"

static void handler(int sig, siginfo_t *si, void *ctx)
{
	say("signal %d at %d", sig, (int)(uintptr_t)si->si_addr);
	_exit(42);
}

int main(void)
{
	t_catch_info(SIGSEGV, handler, 0);
	*(volatile char *)(BAD_PTR) = 1;
	return 0;
}
