// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A word that has changed already: EAGAIN, without sleeping.
//
// ERROR: yes
#include "t.h"
#include "tfutex.h"

int main(void)
{
	int word = 5;
	CHECK_ERR(futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 4, NULL, NULL, 0), EAGAIN);
	CHECK_ERR(futex(&word, FUTEX_WAIT, 6, NULL, NULL, 0), EAGAIN);
	CHECK_ERR(futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE, 4, NULL, NULL, -1), EAGAIN);
	struct timespec ts = { 100, 0 };
	CHECK_ERR(futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 4, &ts, NULL, 0), EAGAIN);
	return 0;
}
