// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A one-shot and a periodic timerfd count their expirations.
#include "t.h"
#include <sys/timerfd.h>

int main(void)
{
	uint64_t n = 0, total = 0;
	struct itimerspec it = { .it_value = { 0, 10000000 } }, now;
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	SHOW(timerfd_settime(fd, 0, &it, NULL));
	SHOW(read(fd, &n, sizeof n));
	SHOW(n);
	SHOW(timerfd_gettime(fd, &now));
	SHOW(now.it_value.tv_sec + now.it_value.tv_nsec);
	it.it_interval.tv_nsec = 5000000;
	SHOW(timerfd_settime(fd, 0, &it, &now));
	long long begin = t_now(CLOCK_MONOTONIC);
	while (total < 4) {
		NEED(read(fd, &n, sizeof n) == 8 && n >= 1);
		total += n;
	}
	CHECK(t_now(CLOCK_MONOTONIC) - begin >= 20000000);
	SHOW(timerfd_gettime(fd, &now));
	SHOW(now.it_interval.tv_nsec);
	t_sleep_ms(20);
	SHOW(read(fd, &n, sizeof n));
	CHECK(n >= 3);
	return 0;
}
