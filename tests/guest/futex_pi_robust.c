// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The owner of a robust PI mutex ends: who waits for it, and who comes later, gets it and is told.
//
// ERROR: yes
// LIBC: glibc
#include "t.h"

static pthread_mutex_t lock;
static pthread_barrier_t taken;

static void *owner(void *arg)
{
	pthread_mutex_lock(&lock);
	pthread_barrier_wait(&taken);
	t_sleep_ms(arg ? 20 : 0);
	return NULL;
}

static void take(const char *what)
{
	int e = pthread_mutex_lock(&lock);
	say("%s: %s", what, err_name(e));
	if (e == EOWNERDEAD)
		SHOW_RC(pthread_mutex_consistent(&lock));
	SHOW_RC(pthread_mutex_unlock(&lock));
}

int main(void)
{
	pthread_mutexattr_t a;
	pthread_t t;
	pthread_barrier_init(&taken, NULL, 2);
	pthread_mutexattr_init(&a);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	pthread_mutexattr_setprotocol(&a, PTHREAD_PRIO_INHERIT);
	pthread_mutexattr_settype(&a, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&lock, &a);
	t = t_thread(owner, (void *)1);
	pthread_barrier_wait(&taken);
	take("waiter");
	t_join(t);
	t = t_thread(owner, NULL);
	pthread_barrier_wait(&taken);
	t_join(t);
	take("later");
	take("after that");
	return 0;
}
