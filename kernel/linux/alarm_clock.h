// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A repeating alarm on any clock: what setitimer and timer_create have in common.
//
// On a CPU clock the alarm is an ordinary timer for the earliest moment at which it could be due;
// when that comes and the program has not run for as long, it is set again.
#ifndef LINUX_ALARM_CLOCK_H
#define LINUX_ALARM_CLOCK_H

#include <sched/sched.h>

enum alarm_base { ALARM_MONOTONIC, ALARM_WALL, ALARM_CPU, ALARM_THREAD_CPU };

struct alarm_clock {
	struct timer timer;
	enum alarm_base base;
	uint64_t expires;      // on its own clock; 0: not armed
	uint64_t interval;     // 0: once
	struct process *process; // whose CPU time, for ALARM_CPU
	int tid;                 // and for ALARM_THREAD_CPU; a thread that is gone runs no more
	// times: 1 + how many more periods have passed
	void (*fire)(struct alarm_clock *a, uint64_t times);
};

void alarm_set(struct alarm_clock *a, uint64_t expires, uint64_t interval); // expires 0: off
uint64_t alarm_now(const struct alarm_clock *a);
uint64_t alarm_left(const struct alarm_clock *a); // 0: not armed

#endif
