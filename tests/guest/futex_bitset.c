// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A wake with a bit set reaches only those who wait for one of its bits.
#include "t.h"
#include "tfutex.h"

static volatile int word, order[3], ended;

static void *body(void *arg)
{
	int bit = (int)(uintptr_t)arg;
	while (futex(&word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE, 0, NULL, NULL, bit) != 0)
		NEED(errno == EINTR);
	order[__atomic_fetch_add(&ended, 1, __ATOMIC_SEQ_CST)] = bit;
	return NULL;
}

int main(void)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		threads[i] = t_thread(body, (void *)(uintptr_t)(1 << i));
	futex_settle(&word, 3);
	SHOW(futex(&word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE, 10, NULL, NULL, 8));
	SHOW(futex(&word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE, 10, NULL, NULL, 2));
	t_join(threads[1]);
	SHOW(order[0]);
	SHOW(futex(&word, FUTEX_WAKE_BITSET | FUTEX_PRIVATE, 10, NULL, NULL, 4 | 2));
	t_join(threads[2]);
	SHOW(order[1]);
	SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE, 10, NULL, NULL, 0));
	t_join(threads[0]);
	SHOW(order[2]);
	return 0;
}
