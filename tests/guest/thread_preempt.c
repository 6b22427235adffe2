// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A thread that never enters the system does not keep the others from running.
#include "t.h"

static volatile int stop, spins;

static void *spin(void *arg)
{
	while (!stop)
		spins++;
	return NULL;
}

int main(void)
{
	pthread_t threads[4];
	for (int i = 0; i < 4; i++)
		threads[i] = t_thread(spin, NULL);
	t_sleep_ms(20);
	say("awake beside spinning threads");
	while (!spins)
		;
	stop = 1;
	for (int i = 0; i < 4; i++)
		t_join(threads[i]);
	CHECK(spins > 0);
	return 0;
}
