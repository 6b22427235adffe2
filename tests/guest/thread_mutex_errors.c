// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Busy, deadlock, and unlocking what is not ours.
//
// ERROR: yes
#include "t.h"

static pthread_mutex_t lock;

static void *other(void *arg)
{
	SHOW_RC(pthread_mutex_trylock(&lock));
	SHOW_RC(pthread_mutex_unlock(&lock));
	return NULL;
}

int main(void)
{
	pthread_mutexattr_t attr;
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	pthread_mutex_init(&lock, &attr);
	SHOW_RC(pthread_mutex_unlock(&lock));
	SHOW_RC(pthread_mutex_lock(&lock));
	SHOW_RC(pthread_mutex_lock(&lock));
	t_join(t_thread(other, NULL));
	SHOW_RC(pthread_mutex_unlock(&lock));
	SHOW_RC(pthread_mutexattr_settype(&attr, 77));
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
	pthread_mutex_init(&lock, &attr);
	SHOW_RC(pthread_mutex_lock(&lock));
	SHOW_RC(pthread_mutex_lock(&lock));
	SHOW_RC(pthread_mutex_unlock(&lock));
	t_join(t_thread(other, NULL));
	return 0;
}
