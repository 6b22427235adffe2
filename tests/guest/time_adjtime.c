// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the clock is like can be read; clocks that cannot be adjusted say so.
#include "t.h"
#include <sys/timex.h>

int main(void)
{
	struct timex t = { 0 };

	CHECK(adjtimex(&t) >= 0);
	CHECK(t.tick > 9000 && t.tick < 11000 && t.time.tv_sec > 1000000000);
	t.modes = 0;
	CHECK(clock_adjtime(CLOCK_REALTIME, &t) >= 0);
	CHECK_ERR(adjtimex(BAD_PTR), EFAULT);
	CHECK_ERR(clock_adjtime(CLOCK_MONOTONIC, &t), EOPNOTSUPP);
	return 0;
}
