// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A signal that is ignored, or not taken by default, interrupts nothing.
#include "t.h"

static pthread_t sleeper;

static void *kick(void *arg)
{
	for (int i = 0; i < 5; i++) {
		t_sleep_ms(2);
		pthread_kill(sleeper, SIGUSR1);
		pthread_kill(sleeper, SIGCHLD);
	}
	return NULL;
}

int main(void)
{
	struct timespec ts = { 0, 40000000 };
	sleeper = pthread_self();
	signal(SIGUSR1, SIG_IGN);
	pthread_t thread = t_thread(kick, NULL);
	SHOW(nanosleep(&ts, NULL));
	t_join(thread);
	return 0;
}
