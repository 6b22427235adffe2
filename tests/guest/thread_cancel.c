// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A thread blocked in read, in a condition wait or in a sleep is cancelled; its handlers run.
#include "t.h"

static int fds[2];
static volatile int ready;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;

static void cleanup(void *arg) { say("cleanup %s", (char *)arg); }
static void unlock(void *arg) { pthread_mutex_unlock(&lock); say("unlocked"); }

static void *in_read(void *arg)
{
	char c;
	pthread_cleanup_push(cleanup, "read");
	ready = 1;
	read(fds[0], &c, 1);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *in_wait(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_cleanup_push(unlock, NULL);
	ready = 1;
	for (;;)
		pthread_cond_wait(&cond, &lock);
	pthread_cleanup_pop(0);
	return NULL;
}

static void *in_sleep(void *arg)
{
	ready = 1;
	sleep(100);
	return NULL;
}

int main(void)
{
	void *(*body[])(void *) = { in_read, in_wait, in_sleep };
	NEED(pipe(fds) == 0);
	for (int i = 0; i < 3; i++) {
		void *result = NULL;
		ready = 0;
		pthread_t thread = t_thread(body[i], NULL);
		while (!ready)
			sched_yield();
		t_sleep_ms(5);
		// Shown when the thread is over: its handlers print, too.
		int cancelled = pthread_cancel(thread);
		SHOW_RC(pthread_join(thread, &result));
		SHOW(cancelled);
		SHOW(result == PTHREAD_CANCELED);
	}
	SHOW_RC(pthread_mutex_trylock(&lock));
	return 0;
}
