// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The time stamp counter.
#ifndef SCHED_CLOCK_H
#define SCHED_CLOCK_H

#include <stdint.h>

static inline uint64_t tsc_read(void)
{
	uint32_t lo, hi;

	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

uint64_t tsc_to_ns(uint64_t ticks); // a difference of two readings

#endif
