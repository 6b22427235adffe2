// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Two threads take turns through a condition variable.
#include "t.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int turn;

static void *body(void *arg)
{
	int me = (int)(uintptr_t)arg;
	pthread_mutex_lock(&lock);
	for (int i = 0; i < 5; i++) {
		while (turn % 2 != me)
			pthread_cond_wait(&cond, &lock);
		say("thread %d turn %d", me, turn++);
		pthread_cond_broadcast(&cond);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t a = t_thread(body, (void *)0), b = t_thread(body, (void *)1);
	t_join(a);
	t_join(b);
	return 0;
}
