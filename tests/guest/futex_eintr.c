// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A signal with a handler ends a wait with EINTR; with SA_RESTART it goes on.
//
// ERROR: yes
#include "t.h"
#include "tfutex.h"

static volatile int word, hits, interrupted;
static pthread_t waiter;

static void handler(int sig) { hits++; }

static void *kick(void *arg)
{
	while (!interrupted) {
		pthread_kill(waiter, SIGUSR1);
		t_sleep_ms(2);
	}
	return NULL;
}

static void *kick_then_wake(void *arg)
{
	t_sleep_ms(10);
	pthread_kill(waiter, SIGUSR2);
	t_sleep_ms(10);
	word = 1;
	futex(&word, FUTEX_WAKE | FUTEX_PRIVATE, 1, NULL, NULL, 0);
	return NULL;
}

int main(void)
{
	waiter = pthread_self();
	t_catch(SIGUSR1, handler, 0);
	t_catch(SIGUSR2, handler, SA_RESTART);
	pthread_t thread = t_thread(kick, NULL);
	CHECK_ERR(futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0), EINTR);
	interrupted = 1;
	t_join(thread);
	CHECK(hits > 0);
	thread = t_thread(kick_then_wake, NULL);
	long r = futex(&word, FUTEX_WAIT | FUTEX_PRIVATE, 0, NULL, NULL, 0);
	CHECK(r == 0 || errno == EAGAIN);
	CHECK(word == 1);
	t_join(thread);
	return 0;
}
