// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A fault in a thread ends the whole program.
//
// STATUS: 139
// ERROR: yes
#include "t.h"

static void *body(void *arg)
{
	say("faulting");
	*(volatile int *)BAD_PTR = 1;
	return NULL;
}

int main(void)
{
	t_thread(body, NULL);
	for (;;)
		pause();
}
