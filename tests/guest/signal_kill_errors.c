// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nobody there, and numbers that are no signals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	CHECK_ERR(kill(getpid(), 65), EINVAL);
	CHECK_ERR(kill(getpid(), -1), EINVAL);
	CHECK_ERR(kill(0x7ffffff0, 0), ESRCH);
	CHECK_ERR(raise(65), EINVAL);
	CHECK_ERR(sigqueue(0x7ffffff0, SIGUSR1, (union sigval){ 0 }), ESRCH);
	CHECK_ERR(sigqueue(getpid(), 100, (union sigval){ 0 }), EINVAL);
	SHOW(kill(getpid(), 0));
	return 0;
}
