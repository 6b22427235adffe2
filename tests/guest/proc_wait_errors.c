// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Without children there is nothing to wait for.
//
// ERROR: yes
#include "t.h"
#include <sys/wait.h>

int main(void)
{
	int status;
	CHECK_ERR(wait(&status), ECHILD);
	CHECK_ERR(waitpid(-1, &status, WNOHANG), ECHILD);
	CHECK_ERR(waitpid(0x7ffffff0, &status, 0), ECHILD);
	CHECK_ERR(waitpid(-1, &status, 0x40000), EINVAL);
	return 0;
}
