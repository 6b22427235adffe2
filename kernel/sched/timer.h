// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// What the scheduler asks of the timers.
#ifndef SCHED_TIMER_H
#define SCHED_TIMER_H

#include <stdbool.h>
#include <stdint.h>

uint64_t timer_next(void);      // deadline of the next, or FOREVER
bool timer_run(uint64_t now);   // runs all that are due, also those that they set

#endif
