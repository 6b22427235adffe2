// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sizes, values and overflow.
//
// ERROR: yes
#include "t.h"
#include <sys/eventfd.h>

int main(void)
{
	uint64_t n = UINT64_MAX;
	int fd = eventfd(0, EFD_NONBLOCK);
	CHECK_ERR(eventfd(0, 77), EINVAL);
	CHECK_ERR(read(fd, &n, 8), EAGAIN);
	CHECK_ERR(write(fd, &n, 8), EINVAL);
	CHECK_ERR(write(fd, &n, 4), EINVAL);
	CHECK_ERR(read(fd, &n, 4), EINVAL);
	CHECK_ERR(write(fd, BAD_PTR, 8), EFAULT);
	n = UINT64_MAX - 1;
	SHOW(write(fd, &n, 8));
	n = 1;
	CHECK_ERR(write(fd, &n, 8), EAGAIN);
	struct pollfd f = { fd, POLLIN | POLLOUT, 0 };
	SHOW(poll(&f, 1, 0));
	SHOW(f.revents);
	SHOW(read(fd, &n, 8));
	CHECK(n == UINT64_MAX - 1);
	SHOW(pread(fd, &n, 8, 0) == -1);
	return 0;
}
