// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A signal for the process goes to a thread that does not block it.
#include "t.h"

static __thread int me;
static volatile int ran_in, stop;
static void handler(int sig) { ran_in = me; }

static void *body(void *arg)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	me = 7;
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	while (!stop)
		t_sleep_ms(1);
	return NULL;
}

int main(void)
{
	sigset_t set;
	me = 1;
	t_catch(SIGUSR1, handler, SA_RESTART);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	pthread_t thread = t_thread(body, NULL);
	SHOW(kill(getpid(), SIGUSR1));
	while (!ran_in)
		sched_yield();
	SHOW(ran_in);
	stop = 1;
	t_join(thread);
	return 0;
}
