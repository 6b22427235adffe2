// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A signal with a handler ends a wait with EINTR; with SA_RESTART it goes on.
//
// ERROR: yes
#include "t.h"
#include "tfutex.h"

static volatile int word, hits;
static pthread_t waiter;

static void handler(int sig) { hits++; }

static void *kick(void *arg)
{
	for (int i = 0; !arg && !hits && i < 2000; i++) {
		pthread_kill(waiter, SIGUSR1);
		t_sleep_ms(2);
	}
	if (arg) {
		t_sleep_ms(10);
		pthread_kill(waiter, SIGUSR2);
		t_sleep_ms(10);
		word = 1;
		futex(&word, FUTEX_WAKE | FUTEX_PRIVATE, 1, NULL, NULL, 0);
	}
	return NULL;
}

int main(void)
{
	waiter = pthread_self();
	t_catch(SIGUSR1, handler, 0);
	t_catch(SIGUSR2, handler, SA_RESTART);
	t_sleep_ms(1);
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	pthread_t thread = t_thread(kick, NULL);
	long r = 0;
	while (!hits)
		r = futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0);
	SHOW(r == -1 || hits);
	t_join(thread);
	thread = t_thread(kick, (void *)1);
	do
		r = futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0);
	while (word == 0);
	t_join(thread);
	CHECK(r == 0 || errno == EAGAIN);
	CHECK(hits >= 2);
	return 0;
}
