// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A signal for one thread runs there and nowhere else.
#include "t.h"

static __thread int me;
static volatile int ran_in, stop;
static pthread_barrier_t barrier;
static void handler(int sig) { ran_in = me; }

static void *body(void *arg)
{
	me = (int)(uintptr_t)arg;
	pthread_barrier_wait(&barrier);
	while (!stop)
		t_sleep_ms(1);
	return NULL;
}

int main(void)
{
	pthread_t threads[3];
	pthread_barrier_init(&barrier, NULL, 4);
	t_catch(SIGUSR1, handler, SA_RESTART);
	for (uintptr_t i = 0; i < 3; i++)
		threads[i] = t_thread(body, (void *)(i + 1));
	pthread_barrier_wait(&barrier);
	for (int i = 2; i >= 0; i--) {
		SHOW_RC(pthread_kill(threads[i], SIGUSR1));
		while (ran_in != i + 1)
			sched_yield();
		SHOW(ran_in);
	}
	stop = 1;
	for (int i = 0; i < 3; i++)
		t_join(threads[i]);
	return 0;
}
