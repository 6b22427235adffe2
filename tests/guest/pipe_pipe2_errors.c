// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Flags that pipe2 does not know, and ends used the wrong way round.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2] = { 55, 55 };
	char c;
	CHECK_ERR(syscall(SYS_pipe2, p, O_APPEND), EINVAL);
	SHOW(p[0]);
	CHECK_ERR(syscall(SYS_pipe2, BAD_PTR, 0), EFAULT);
	SHOW(pipe2(p, O_CLOEXEC | O_NONBLOCK));
	SHOW(p[0]);
	SHOW(p[1]);
	SHOW(fcntl(p[0], F_GETFD));
	SHOW(!!(fcntl(p[1], F_GETFL) & O_NONBLOCK));
	CHECK_ERR(read(p[1], &c, 1), EBADF);
	CHECK_ERR(write(p[0], &c, 1), EBADF);
	CHECK_ERR(read(p[0], BAD_PTR, 1), EAGAIN);
	CHECK_ERR(write(p[1], BAD_PTR, 1), EFAULT);
	return 0;
}
