// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sleeps last at least as long as asked.
#include "t.h"

int main(void)
{
	long ns[] = { 0, 1, 1000, 1000000, 30000000 };
	for (int i = 0; i < 5; i++) {
		struct timespec ts = { 0, ns[i] };
		long long before = t_now(CLOCK_MONOTONIC);
		SHOW(nanosleep(&ts, NULL));
		CHECK(t_now(CLOCK_MONOTONIC) - before >= ns[i]);
	}
	SHOW(usleep(2000));
	SHOW(sleep(0));
	return 0;
}
