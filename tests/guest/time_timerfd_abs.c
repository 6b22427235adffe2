// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An absolute time, one that is past already, and a timer that is disarmed.
#include "t.h"
#include <poll.h>
#include <sys/timerfd.h>

int main(void)
{
	uint64_t n = 0;
	int fd = timerfd_create(CLOCK_REALTIME, 0);
	long long end = t_now(CLOCK_REALTIME) + 15000000;
	struct itimerspec it = { .it_value = { end / 1000000000, end % 1000000000 } };
	SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &it, NULL));
	SHOW(read(fd, &n, sizeof n));
	SHOW(n);
	CHECK(t_now(CLOCK_REALTIME) >= end);
	it.it_value.tv_sec = 1;
	SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &it, NULL));
	SHOW(read(fd, &n, sizeof n));
	it = (struct itimerspec){ .it_value = { 0, 5000000 } };
	NEED(timerfd_settime(fd, 0, &it, NULL) == 0);
	it.it_value.tv_nsec = 0;
	SHOW(timerfd_settime(fd, 0, &it, NULL));
	SHOW(poll(&(struct pollfd){ fd, POLLIN, 0 }, 1, 20));
	return 0;
}
