// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A thread on a stack of the program's own, and one created detached.
#include "t.h"
#include <semaphore.h>

static sem_t done;
static char *stack;

static void *body(void *arg)
{
	char local;
	CHECK(&local >= stack && &local < stack + (256 << 10));
	return NULL;
}

static void *detached(void *arg)
{
	sem_post(&done);
	return NULL;
}

int main(void)
{
	pthread_attr_t attr;
	pthread_t thread;
	pthread_attr_init(&attr);
	stack = mmap(NULL, 256 << 10, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	SHOW_RC(pthread_attr_setstack(&attr, stack, 256 << 10));
	NEED(pthread_create(&thread, &attr, body, NULL) == 0); // silent: the thread may be first
	t_join(thread);
	sem_init(&done, 0, 0);
	pthread_attr_init(&attr);
	SHOW_RC(pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED));
	NEED(pthread_create(&thread, &attr, detached, NULL) == 0); // silent: the thread may be first
	SHOW(sem_wait(&done));
	SHOW_RC(pthread_attr_setstacksize(&attr, 100));
	return 0;
}
