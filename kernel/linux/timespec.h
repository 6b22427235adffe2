// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// struct timespec and timeval of the program, as nanoseconds.
#ifndef LINUX_TIMESPEC_H
#define LINUX_TIMESPEC_H

#include <stdint.h>

// Both give 0, -EFAULT or -EINVAL (negative, or a fraction of a second or more). What does not fit
// is as good as forever.
int timespec_from_user(const void *user, uint64_t *ns);
int timeval_from_user(const void *user, uint64_t *ns);
int timespec_to_user(void *user, int64_t ns);
int timeval_to_user(void *user, int64_t ns);

// The monotonic time that is `ns` from now, or FOREVER.
uint64_t deadline_after(uint64_t ns);
// The monotonic time at which CLOCK_REALTIME is ns.
uint64_t deadline_at_wall(uint64_t ns);

// Reads a clock by its Linux number. 0 or -EINVAL.
int clock_read(int clock, int64_t *ns);

#endif
