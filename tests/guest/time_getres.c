// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Resolutions are positive and under a tenth of a second.
#include "t.h"

int main(void)
{
	clockid_t ids[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,
			CLOCK_PROCESS_CPUTIME_ID };
	for (int i = 0; i < 5; i++) {
		struct timespec ts = { 9, 9 };
		SHOW(clock_getres(ids[i], &ts));
		CHECK(ts.tv_sec == 0 && ts.tv_nsec > 0 && ts.tv_nsec < 100000000);
		SHOW(clock_getres(ids[i], NULL));
	}
	return 0;
}
