// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Requeued waiters wait on the second word and are woken there.
#include "t.h"
#include "tfutex.h"

static volatile int first, second, woken;

static void *body(void *arg)
{
	while (first == 0)
		futex(&first, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0);
	__atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
	return NULL;
}

int main(void)
{
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		threads[i] = t_thread(body, NULL);
	futex_settle(&first, 4);
	SHOW(futex(&first, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 0, (void *)3, &second, 0));
	first = 1;
	SHOW(futex(&first, FUTEX_WAKE | FUTEX_PRIVATE, 100, NULL, NULL, 0));
	SHOW(futex(&second, FUTEX_WAKE | FUTEX_PRIVATE, 1, NULL, NULL, 0));
	SHOW(futex(&second, FUTEX_REQUEUE | FUTEX_PRIVATE, 1, (void *)1, &first, 0));
	SHOW(futex(&first, FUTEX_WAKE | FUTEX_PRIVATE, 100, NULL, NULL, 0));
	for (int i = 0; i < 4; i++)
		t_join(threads[i]);
	SHOW(woken);
	return 0;
}
