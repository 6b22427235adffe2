// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
// The time, read once for each round of the event loop.
#ifndef WEB_CLOCK_H
#define WEB_CLOCK_H

#include "date.h"

struct clock {
	int64_t wall;        // seconds since 1970
	int64_t ms;          // since some moment, never set back
	int64_t start_ms;
	char date[DATE_LEN]; // wall
};

extern struct clock now;

void clock_start(void);
void clock_update(void);

#endif
