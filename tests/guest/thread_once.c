// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// pthread_once runs its function once, and everybody waits for it.
#include "t.h"

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int runs;

static void init(void)
{
	t_sleep_ms(10);
	runs++;
}

static void *body(void *arg)
{
	pthread_once(&once, init);
	NEED(runs == 1);
	return NULL;
}

int main(void)
{
	pthread_t threads[8];
	for (int i = 0; i < 8; i++)
		threads[i] = t_thread(body, NULL);
	for (int i = 0; i < 8; i++)
		t_join(threads[i]);
	SHOW(runs);
	return 0;
}
