// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A timed wait that nobody signals, on both clocks.
//
// ERROR: yes
#include "t.h"

static void try(clockid_t clock, long ms)
{
	pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	pthread_condattr_t attr;
	pthread_cond_t cond;
	struct timespec ts;
	pthread_condattr_init(&attr);
	SHOW_RC(pthread_condattr_setclock(&attr, clock));
	pthread_cond_init(&cond, &attr);
	pthread_mutex_lock(&lock);
	clock_gettime(clock, &ts);
	long long end = ts.tv_sec * 1000000000ll + ts.tv_nsec + ms * 1000000ll;
	ts.tv_sec = end / 1000000000;
	ts.tv_nsec = end % 1000000000;
	SHOW_RC(pthread_cond_timedwait(&cond, &lock, &ts));
	CHECK(t_now(clock) >= end);
	SHOW_RC(pthread_mutex_unlock(&lock));
}

int main(void)
{
	try(CLOCK_REALTIME, 20);
	try(CLOCK_MONOTONIC, 20);
	try(CLOCK_MONOTONIC, -1);
	return 0;
}
