// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sigsetjmp saves the mask only when asked to.
#include "t.h"

static int blocked(void)
{
	sigset_t now;
	sigprocmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, SIGUSR1);
}

int main(void)
{
	sigjmp_buf jump;
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (sigsetjmp(jump, 1) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(jump, 1);
	}
	SHOW(blocked());
	if (sigsetjmp(jump, 0) == 0) {
		sigprocmask(SIG_BLOCK, &set, NULL);
		siglongjmp(jump, 1);
	}
	SHOW(blocked());
	return 0;
}
