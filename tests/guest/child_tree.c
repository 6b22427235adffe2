// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Children of children, and a fork that goes on where its parent ended.
#include "child.h"

static int depth(int n)
{
	int status;
	if (!n)
		return 1;
	pid_t a = FORK(depth(n - 1)), b = FORK(depth(n - 1));
	int sum = 0;
	for (pid_t pid = a; pid; pid = pid == a ? b : 0) {
		NEED(waitpid(pid, &status, 0) == pid);
		sum += WEXITSTATUS(status);
	}
	return sum;
}

int main(void)
{
	say("leaves %d", depth(4));
	return 0;
}
