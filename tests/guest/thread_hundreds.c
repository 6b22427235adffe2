// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Three hundred threads pass a turn around, while two others compute: everybody gets on.
#include "t.h"

#define COUNT 300
#define ROUNDS 3

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond[COUNT];
static int turn;
static volatile int stop;
static volatile unsigned long computed[2];

static void *passer(void *arg)
{
	int me = (int)(intptr_t)arg;
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&lock);
		while (turn % COUNT != me)
			pthread_cond_wait(&cond[me], &lock);
		turn++;
		pthread_cond_signal(&cond[turn % COUNT]);
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void *computer(void *arg)
{
	while (!stop)
		++*(volatile unsigned long *)arg;
	return NULL;
}

int main(void)
{
	pthread_attr_t small;
	pthread_t t[COUNT], c[2];
	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, 65536);
	for (int i = 0; i < COUNT; i++)
		pthread_cond_init(&cond[i], NULL);
	for (int i = 0; i < 2; i++)
		c[i] = t_thread(computer, (void *)&computed[i]);
	for (int i = 0; i < COUNT; i++)
		NEED(pthread_create(&t[i], &small, passer, (void *)(intptr_t)i) == 0);
	for (int i = 0; i < COUNT; i++)
		t_join(t[i]);
	stop = 1;
	t_join(c[0]);
	t_join(c[1]);
	say("turns %d", turn);
	CHECK(computed[0] > 0 && computed[1] > 0);
	return 0;
}
