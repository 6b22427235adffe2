// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sixty-four threads alive at once.
#include "t.h"

static pthread_barrier_t barrier;
static int sum;

static void *body(void *arg)
{
	pthread_barrier_wait(&barrier);
	__atomic_add_fetch(&sum, (int)(uintptr_t)arg, __ATOMIC_SEQ_CST);
	pthread_barrier_wait(&barrier);
	return NULL;
}

int main(void)
{
	pthread_t threads[64];
	pthread_barrier_init(&barrier, NULL, 65);
	for (uintptr_t i = 0; i < 64; i++)
		threads[i] = t_thread(body, (void *)i);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	SHOW(sum);
	for (int i = 0; i < 64; i++)
		t_join(threads[i]);
	return 0;
}
