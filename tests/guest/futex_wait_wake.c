// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// FUTEX_WAIT sleeps while the word has its value; FUTEX_WAKE says how many it woke.
#include "t.h"
#include "tfutex.h"

static volatile int word, woken;

static void *body(void *arg)
{
	while (word == 0)
		futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0);
	woken = 1;
	return NULL;
}

int main(void)
{
	SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE, 1, NULL, NULL, 0));
	pthread_t thread = t_thread(body, NULL);
	futex_settle(&word, 1);
	SHOW(woken);
	word = 1;
	SHOW(futex(&word, FUTEX_WAKE | FUTEX_PRIVATE, 10, NULL, NULL, 0));
	t_join(thread);
	SHOW(woken);
	return 0;
}
