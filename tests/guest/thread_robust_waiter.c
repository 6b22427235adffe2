// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A waiter is woken when the owner of a robust mutex ends.
//
// ERROR: yes
#include "t.h"

static pthread_mutex_t lock;
static volatile int locked;

static void *owner(void *arg)
{
	pthread_mutex_lock(&lock);
	locked = 1;
	t_sleep_ms(20);
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
	pthread_mutex_init(&lock, &attr);
	pthread_t thread = t_thread(owner, NULL);
	while (!locked)
		sched_yield();
	SHOW_RC(pthread_mutex_lock(&lock));
	t_join(thread);
	return 0;
}
