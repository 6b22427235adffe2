// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A semaphore hands out as many as were posted.
#include "t.h"
#include <semaphore.h>

static sem_t full, empty;
static int slot;

static void *producer(void *arg)
{
	for (int i = 1; i <= 500; i++) {
		sem_wait(&empty);
		slot = i;
		sem_post(&full);
	}
	return NULL;
}

int main(void)
{
	long sum = 0;
	int value;
	sem_init(&full, 0, 0);
	sem_init(&empty, 0, 1);
	pthread_t thread = t_thread(producer, NULL);
	for (int i = 1; i <= 500; i++) {
		sem_wait(&full);
		sum += slot;
		sem_post(&empty);
	}
	t_join(thread);
	SHOW(sum);
	SHOW(sem_getvalue(&empty, &value));
	SHOW(value);
	return 0;
}
