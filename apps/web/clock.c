// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The time; see clock.h.
#include "clock.h"

#include <time.h>

struct clock now;

void clock_update(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	now.ms = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	clock_gettime(CLOCK_REALTIME, &t);
	if (t.tv_sec != now.wall) {
		now.wall = t.tv_sec;
		date_format(now.date, now.wall);
	}
}

void clock_start(void)
{
	now.wall = -1;
	clock_update();
	now.start_ms = now.ms;
}
