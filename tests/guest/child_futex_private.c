// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The same address in two processes is two words.
#include "child.h"
#include "tfutex.h"

static int word = 1;

int main(void)
{
	int p[2];
	NEED(pipe(p) == 0);
	struct timespec soon = { 0, 50000000 };
	pid_t pid = FORK(({
		t_put(p[1], 'r');
		int r = (int)syscall(SYS_futex, &word, FUTEX_WAIT | FUTEX_PRIVATE, 1, &soon, NULL, 0);
		r == -1 && errno == ETIMEDOUT ? 0 : 1;
	}));
	t_get(p[0]);
	t_sleep_ms(10);
	SHOW(syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE, 10, NULL, NULL, 0));
	SHOW(syscall(SYS_futex, &word, FUTEX_WAKE, 10, NULL, NULL, 0));
	t_reap("child", pid);
	return 0;
}
