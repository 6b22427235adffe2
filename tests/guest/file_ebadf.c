// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Every call on a descriptor that is not open.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	struct stat st;
	struct iovec iov = { &st, 1 };
	int fd = open("/dev/null", O_RDWR);
	SHOW(close(fd));
	CHECK_ERR(close(fd), EBADF);
	CHECK_ERR(read(fd, &st, 1), EBADF);
	CHECK_ERR(write(fd, "x", 1), EBADF);
	CHECK_ERR(pread(fd, &st, 1, 0), EBADF);
	CHECK_ERR(readv(fd, &iov, 1), EBADF);
	CHECK_ERR(lseek(fd, 0, SEEK_SET), EBADF);
	CHECK_ERR(fstat(fd, &st), EBADF);
	CHECK_ERR(ftruncate(fd, 0), EBADF);
	CHECK_ERR(dup(fd), EBADF);
	CHECK_ERR(fcntl(fd, F_GETFD), EBADF);
	CHECK_ERR(ioctl(fd, FIONREAD, &st), EBADF);
	CHECK_ERR(fchmod(fd, 0600), EBADF);
	CHECK_ERR(fchdir(fd), EBADF);
	CHECK_ERR(fsync(fd), EBADF);
	CHECK_ERR(read(-1, &st, 1), EBADF);
	CHECK_ERR(read(1 << 20, &st, 1), EBADF);
	CHECK_ERR(close(INT_MIN), EBADF);
	return 0;
}
