// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// CLOCK_REALTIME is a plausible date, agrees with time and gettimeofday, and moves.
#include "t.h"

int main(void)
{
	struct timeval tv;
	long long a = t_now(CLOCK_REALTIME);
	CHECK(a / 1000000000 > 1700000000);
	CHECK(a / 1000000000 < 10000000000);
	SHOW(gettimeofday(&tv, NULL));
	long long b = tv.tv_sec * 1000000000ll + tv.tv_usec * 1000ll;
	CHECK(b >= a - 1000);
	CHECK(b - a < 5000000000);
	CHECK(time(NULL) >= a / 1000000000 - 1);
	t_sleep_ms(10);
	CHECK(t_now(CLOCK_REALTIME) > a);
	CHECK(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	return 0;
}
