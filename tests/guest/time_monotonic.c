// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// CLOCK_MONOTONIC never goes back and moves with sleeps; raw and boot time too.
//
// LINK: static-pie
#include "t.h"

int main(void)
{
	long long last = t_now(CLOCK_MONOTONIC);
	for (int i = 0; i < 20000; i++) {
		long long now = t_now(CLOCK_MONOTONIC);
		NEED(now >= last);
		last = now;
	}
	long long raw = t_now(CLOCK_MONOTONIC_RAW), boot = t_now(CLOCK_BOOTTIME),
			coarse = t_now(CLOCK_MONOTONIC_COARSE);
	t_sleep_ms(20);
	CHECK(t_now(CLOCK_MONOTONIC) - last >= 20000000);
	CHECK(t_now(CLOCK_MONOTONIC_RAW) - raw >= 19000000);
	CHECK(t_now(CLOCK_BOOTTIME) - boot >= 20000000);
	CHECK(t_now(CLOCK_MONOTONIC_COARSE) > coarse);
	return 0;
}
