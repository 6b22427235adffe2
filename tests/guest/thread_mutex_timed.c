// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A timed lock gives up at its time, and at once for a time that is past.
//
// ERROR: yes
#include "t.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *body(void *arg)
{
	struct timespec ts;
	clock_gettime(CLOCK_REALTIME, &ts);
	long long before = t_now(CLOCK_MONOTONIC);
	ts.tv_nsec += 30000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	SHOW_RC(pthread_mutex_timedlock(&lock, &ts));
	CHECK(t_now(CLOCK_MONOTONIC) - before >= 29000000);
	ts.tv_sec = 1;
	SHOW_RC(pthread_mutex_timedlock(&lock, &ts));
	ts.tv_nsec = 1000000000;
	SHOW_RC(pthread_mutex_timedlock(&lock, &ts));
	return NULL;
}

int main(void)
{
	SHOW_RC(pthread_mutex_lock(&lock));
	t_join(t_thread(body, NULL));
	return 0;
}
