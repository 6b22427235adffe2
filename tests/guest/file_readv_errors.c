// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Counts and lengths out of range, and memory that is not there.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char c;
	struct iovec iov[2] = { { &c, 1 }, { &c, 1 } };
	t_dir();
	t_file("a", "abcdef");
	int fd = open("a", O_RDWR);
	CHECK_ERR(readv(fd, iov, -1), EINVAL);
	CHECK_ERR(readv(fd, iov, 1025), EINVAL);
	CHECK_ERR(writev(fd, iov, 1025), EINVAL);
	iov[1].iov_len = (size_t)-1;
	CHECK_ERR(readv(fd, iov, 2), EINVAL);
	CHECK_ERR(writev(fd, iov, 2), EINVAL);
	CHECK_ERR(readv(fd, BAD_PTR, 1), EFAULT);
	iov[0].iov_base = BAD_PTR;
	CHECK_ERR(readv(fd, iov, 1), EFAULT);
	CHECK_ERR(writev(fd, iov, 1), EFAULT);
	SHOW(lseek(fd, 0, SEEK_CUR));
	return 0;
}
