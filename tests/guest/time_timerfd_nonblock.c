// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A non-blocking timerfd that has not fired: EAGAIN; settime clears old expirations.
//
// ERROR: yes
#include "t.h"
#include <poll.h>
#include <sys/timerfd.h>

int main(void)
{
	uint64_t n;
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct pollfd pfd = { fd, POLLIN, 0 };
	struct itimerspec it = { .it_value = { 0, 5000000 } }, far = { .it_value = { 1000, 0 } };
	CHECK_ERR(read(fd, &n, sizeof n), EAGAIN);
	NEED(timerfd_settime(fd, 0, &it, NULL) == 0);
	SHOW(poll(&pfd, 1, 5000));
	SHOW(pfd.revents == POLLIN);
	SHOW(read(fd, &n, sizeof n));
	CHECK_ERR(read(fd, &n, sizeof n), EAGAIN);
	NEED(timerfd_settime(fd, 0, &it, NULL) == 0);
	SHOW(poll(&pfd, 1, 5000));
	NEED(timerfd_settime(fd, 0, &far, NULL) == 0);
	CHECK_ERR(read(fd, &n, sizeof n), EAGAIN);
	SHOW(poll(&pfd, 1, 0));
	return 0;
}
