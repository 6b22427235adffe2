// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A broadcast wakes all of sixteen waiters; signal wakes at least one.
#include "t.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER, ready = PTHREAD_COND_INITIALIZER;
static int waiting, go, woken;

static void *body(void *arg)
{
	pthread_mutex_lock(&lock);
	waiting++;
	pthread_cond_signal(&ready);
	while (!go)
		pthread_cond_wait(&cond, &lock);
	woken++;
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	pthread_t threads[16];
	for (int i = 0; i < 16; i++)
		threads[i] = t_thread(body, NULL);
	pthread_mutex_lock(&lock);
	while (waiting < 16)
		pthread_cond_wait(&ready, &lock);
	SHOW(woken);
	go = 1;
	pthread_cond_broadcast(&cond);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < 16; i++)
		t_join(threads[i]);
	SHOW(woken);
	return 0;
}
