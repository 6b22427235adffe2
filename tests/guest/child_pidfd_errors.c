// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pidfd: nobody there, and what is no pidfd.
//
// ERROR: yes
#include "child.h"

int main(void)
{
	siginfo_t si;
	CHECK_ERR(syscall(SYS_pidfd_open, 0, 0), EINVAL);
	CHECK_ERR(syscall(SYS_pidfd_open, -1, 0), EINVAL);
	CHECK_ERR(syscall(SYS_pidfd_open, 0x7ffffff0, 0), ESRCH);
	CHECK_ERR(syscall(SYS_pidfd_open, getpid(), 0xffff0000), EINVAL);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, 1, 0, NULL, 0), EBADF);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, 99, 0, NULL, 0), EBADF);
	int fd = (int)syscall(SYS_pidfd_open, getpid(), 0);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, fd, 100, NULL, 0), EINVAL);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0xf0), EINVAL);
	CHECK_ERR(waitid(3, 99, &si, WEXITED), EBADF);
	CHECK_ERR(waitid(3, (id_t)fd, &si, WEXITED), ECHILD);
	return 0;
}
