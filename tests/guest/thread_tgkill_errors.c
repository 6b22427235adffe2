// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Signals to threads that are not there, and numbers that are none.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	pid_t pid = getpid(), tid = syscall(SYS_gettid);
	CHECK(pid == tid);
	CHECK_ERR(syscall(SYS_tgkill, pid, tid, 65), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, pid, tid, -1), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, pid, 0, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, -1, tid, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, pid, 0x7ffffff0, 0), ESRCH);
	CHECK_ERR(syscall(SYS_tkill, 0x7ffffff0, 0), ESRCH);
	SHOW(syscall(SYS_tgkill, pid, tid, 0));
	SHOW(syscall(SYS_tkill, tid, 0));
	return 0;
}
