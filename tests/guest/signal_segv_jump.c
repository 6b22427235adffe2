// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SIGSEGV as control flow, a hundred times: the mask comes back with siglongjmp.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static void handler(int sig) { siglongjmp(jump, 1); }

int main(void)
{
	volatile int caught = 0;
	sigset_t now;
	t_catch(SIGSEGV, handler, 0);
	for (volatile int i = 0; i < 100; i++) {
		if (sigsetjmp(jump, 1))
			caught++;
		else
			*(volatile int *)BAD_PTR = i;
	}
	SHOW(caught);
	sigprocmask(SIG_BLOCK, NULL, &now);
	SHOW(sigismember(&now, SIGSEGV));
	return 0;
}
