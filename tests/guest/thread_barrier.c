// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Nobody passes a barrier before all have come; one is the serial thread each time.
#include "t.h"

static pthread_barrier_t barrier;
static int arrived, serial;

static void *body(void *arg)
{
	for (int round = 1; round <= 20; round++) {
		__atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
		if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
			__atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
		NEED(__atomic_load_n(&arrived, __ATOMIC_SEQ_CST) >= round * 4);
		pthread_barrier_wait(&barrier);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[4];
	SHOW_RC(pthread_barrier_init(&barrier, NULL, 0));
	SHOW_RC(pthread_barrier_init(&barrier, NULL, 4));
	for (int i = 0; i < 4; i++)
		threads[i] = t_thread(body, NULL);
	for (int i = 0; i < 4; i++)
		t_join(threads[i]);
	SHOW(arrived);
	SHOW(serial);
	return 0;
}
