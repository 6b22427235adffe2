// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What dup, dup2, dup3 and F_DUPFD refuse.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int fd = open("/dev/null", O_RDONLY);
	CHECK_ERR(dup(-1), EBADF);
	CHECK_ERR(dup2(-1, 9), EBADF);
	CHECK_ERR(dup2(fd, -1), EBADF);
	CHECK_ERR(dup2(fd, 1 << 30), EBADF);
	CHECK_ERR(dup2(99, 99), EBADF);
	CHECK_ERR(syscall(SYS_dup3, fd, fd, 0), EINVAL);
	CHECK_ERR(syscall(SYS_dup3, fd, 9, O_APPEND), EINVAL);
	CHECK_ERR(fcntl(fd, F_DUPFD, -1), EINVAL);
	CHECK_ERR(fcntl(fd, F_DUPFD, 1 << 30), EINVAL);
	SHOW(dup(fd));
	return 0;
}
