// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// timerfd's refusals.
//
// ERROR: yes
#include "t.h"
#include <sys/timerfd.h>

int main(void)
{
	uint64_t n;
	struct itimerspec it = { .it_value = { 0, 1000000000 } };
	int fd = timerfd_create(CLOCK_MONOTONIC, 0), null = open("/dev/null", O_RDWR);
	CHECK_ERR(timerfd_create(77, 0), EINVAL);
	CHECK_ERR(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
	CHECK_ERR(timerfd_settime(fd, 0, &it, NULL), EINVAL);
	it.it_value.tv_nsec = 5;
	CHECK_ERR(timerfd_settime(fd, 0x100, &it, NULL), EINVAL);
	CHECK_ERR(timerfd_settime(null, 0, &it, NULL), EINVAL);
	CHECK_ERR(timerfd_settime(99, 0, &it, NULL), EBADF);
	CHECK_ERR(timerfd_gettime(null, &it), EINVAL);
	CHECK_ERR(timerfd_settime(fd, 0, BAD_PTR, NULL), EFAULT);
	NEED(timerfd_settime(fd, 0, &it, NULL) == 0);
	CHECK_ERR(read(fd, &n, 4), EINVAL);
	CHECK_ERR(write(fd, &n, 8), EINVAL);
	return 0;
}
