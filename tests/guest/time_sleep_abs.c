// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// clock_nanosleep until a time, on both clocks; a time that is past returns at once.
#include "t.h"

static void until(clockid_t clock, long ms)
{
	long long end = t_now(clock) + ms * 1000000ll;
	struct timespec ts = { end / 1000000000, end % 1000000000 };
	SHOW_RC(clock_nanosleep(clock, TIMER_ABSTIME, &ts, NULL));
	CHECK(t_now(clock) >= end);
}

int main(void)
{
	until(CLOCK_MONOTONIC, 20);
	until(CLOCK_REALTIME, 20);
	until(CLOCK_MONOTONIC, -1);
	struct timespec zero = { 0, 0 };
	SHOW_RC(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &zero, NULL));
	return 0;
}
