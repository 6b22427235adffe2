// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A robust mutex whose owner died: EOWNERDEAD, then consistent again or not recoverable.
//
// ERROR: yes
#include "t.h"

static pthread_mutex_t lock;

static void *die_with_it(void *arg)
{
	pthread_mutex_lock(&lock);
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_mutexattr_init(&attr);
	SHOW_RC(pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST));
	pthread_mutex_init(&lock, &attr);
	t_join(t_thread(die_with_it, NULL));
	SHOW_RC(pthread_mutex_lock(&lock));
	SHOW_RC(pthread_mutex_consistent(&lock));
	SHOW_RC(pthread_mutex_unlock(&lock));
	SHOW_RC(pthread_mutex_lock(&lock));
	SHOW_RC(pthread_mutex_unlock(&lock));
	t_join(t_thread(die_with_it, NULL));
	SHOW_RC(pthread_mutex_trylock(&lock));
	SHOW_RC(pthread_mutex_unlock(&lock));
	SHOW_RC(pthread_mutex_lock(&lock));
	return 0;
}
