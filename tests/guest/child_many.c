// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A hundred children at once, and as many after each other.
#include "child.h"

int main(void)
{
	int status, sum = 0;
	for (int i = 0; i < 100; i++)
		FORK(i);
	for (int i = 0; i < 100; i++) {
		NEED(wait(&status) > 0);
		sum += WEXITSTATUS(status);
	}
	say("sum %d", sum);
	for (int i = sum = 0; i < 100; i++) {
		NEED(waitpid(FORK(i), &status, 0) > 0);
		sum += WEXITSTATUS(status);
	}
	say("sum %d", sum);
	CHECK_ERR(wait(&status), ECHILD);
	return 0;
}
