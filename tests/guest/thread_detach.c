// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Detached threads run and end by themselves, many one after the other.
#include "t.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int ended;

static void *body(void *arg)
{
	pthread_mutex_lock(&lock);
	ended++;
	pthread_cond_signal(&cond);
	pthread_mutex_unlock(&lock);
	return NULL;
}

int main(void)
{
	for (int i = 0; i < 100; i++) {
		NEED(pthread_detach(t_thread(body, NULL)) == 0);
		pthread_mutex_lock(&lock);
		while (ended != i + 1)
			pthread_cond_wait(&cond, &lock);
		pthread_mutex_unlock(&lock);
	}
	SHOW(ended);
	return 0;
}
