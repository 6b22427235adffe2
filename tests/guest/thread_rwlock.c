// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Readers share, a writer is alone.
#include "t.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static long a, b;

static void *reader(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		pthread_rwlock_rdlock(&lock);
		NEED(a == b);
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

static void *writer(void *arg)
{
	for (int i = 0; i < 2000; i++) {
		pthread_rwlock_wrlock(&lock);
		a++;
		b++;
		pthread_rwlock_unlock(&lock);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[6];
	for (int i = 0; i < 6; i++)
		threads[i] = t_thread(i % 3 ? reader : writer, NULL);
	for (int i = 0; i < 6; i++)
		t_join(threads[i]);
	SHOW(a);
	SHOW(b);
	return 0;
}
