// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Unknown commands and closed descriptors.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int fd = open("/dev/null", O_RDWR);
	CHECK_ERR(fcntl(fd, 9999), EINVAL);
	CHECK_ERR(fcntl(77, F_GETFL), EBADF);
	CHECK_ERR(fcntl(77, F_SETFL, 0), EBADF);
	CHECK_ERR(fcntl(77, F_SETFD, 1), EBADF);
	CHECK_ERR(fcntl(77, F_DUPFD, 0), EBADF);
	CHECK_ERR(syscall(SYS_fcntl, fd, F_GETLK, BAD_PTR), EFAULT);
	return 0;
}
