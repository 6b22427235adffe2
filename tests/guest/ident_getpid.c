// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Numbers of the process are positive and stay.
#include "t.h"

int main(void)
{
	pid_t pid = getpid();
	CHECK(pid > 0);
	CHECK(pid == getpid());
	CHECK(getppid() >= 0);
	CHECK(getppid() != pid);
	CHECK((pid_t)syscall(SYS_getpid) == pid);
	CHECK(getpgid(0) == getpgrp());
	return 0;
}
