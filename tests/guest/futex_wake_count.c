// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// FUTEX_WAKE wakes no more than asked for.
#include "t.h"
#include "tfutex.h"

static volatile int word, woken;

static void *body(void *arg)
{
	while (futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0) != 0)
		;
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

int main(void)
{
	pthread_t threads[5];
	for (int i = 0; i < 5; i++)
		threads[i] = t_thread(body, NULL);
	futex_settle(&word, 5);
	SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE, 2, NULL, NULL, 0));
	while (woken < 2)
		sched_yield();
	t_sleep_ms(5);
	SHOW(woken);
	SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE, INT_MAX, NULL, NULL, 0));
	for (int i = 0; i < 5; i++)
		t_join(threads[i]);
	SHOW(woken);
	return 0;
}
