// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The guest's clock (struct boot_clock) from the host's. The TSC's rate is measured between the
// start of the process and now, so that nobody waits for it; that is good to some 50 ppm, and
// platforms may refine it later.
#ifndef MONITOR_CLOCK_H
#define MONITOR_CLOCK_H

#include <pith/boot.h>

// Called as early as possible: the first of the two moments.
void clock_mark(void);

// Measures the rate and starts the instance's clock at 0 now.
void clock_fill(struct boot_clock *c);

// The same with a known rate.
void clock_fill_khz(struct boot_clock *c, uint64_t khz);

uint64_t clock_host_ns(void); // CLOCK_MONOTONIC

#endif
