// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Relative timeouts of FUTEX_WAIT, absolute ones of FUTEX_WAIT_BITSET on both clocks.
//
// ERROR: yes
#include "t.h"
#include "tfutex.h"

static struct timespec after(clockid_t clock, long ms)
{
	long long t = t_now(clock) + ms * 1000000ll;
	return (struct timespec){ t / 1000000000, t % 1000000000 };
}

int main(void)
{
	int word = 0;
	struct timespec ts = { 0, 20000000 };
	long long before = t_now(CLOCK_MONOTONIC);
	CHECK_ERR(futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 0, &ts, NULL, 0), ETIMEDOUT);
	CHECK(t_now(CLOCK_MONOTONIC) - before >= 20000000);
	ts = after(CLOCK_MONOTONIC, 20);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE, 0, &ts, NULL, -1), ETIMEDOUT);
	CHECK(t_now(CLOCK_MONOTONIC) - before >= 40000000);
	ts = after(CLOCK_REALTIME, 20);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE | FUTEX_REALTIME, 0, &ts, NULL, -1),
			ETIMEDOUT);
	CHECK(t_now(CLOCK_MONOTONIC) - before >= 59000000);
	ts = (struct timespec){ 0, 1 };
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE, 0, &ts, NULL, -1), ETIMEDOUT);
	return 0;
}
