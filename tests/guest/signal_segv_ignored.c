// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A fault cannot be ignored; a SIGSEGV from kill can.
//
// STATUS: 139
// ERROR: yes
#include "t.h"

int main(void)
{
	signal(SIGSEGV, SIG_IGN);
	SHOW(raise(SIGSEGV));
	say("faulting");
	*(volatile int *)BAD_PTR = 1;
	say("not reached");
	return 0;
}
