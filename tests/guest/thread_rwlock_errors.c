// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Tries that must not wait, and a timed one that runs out.
//
// ERROR: yes
#include "t.h"

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;

static void *try(void *arg)
{
	struct timespec past = { 1, 0 };
	SHOW_RC(pthread_rwlock_trywrlock(&lock));
	SHOW_RC(pthread_rwlock_timedwrlock(&lock, &past));
	int rc = pthread_rwlock_tryrdlock(&lock);
	say("tryrdlock = %s", err_name(rc));
	if (rc == 0)
		pthread_rwlock_unlock(&lock);
	return NULL;
}

int main(void)
{
	SHOW_RC(pthread_rwlock_rdlock(&lock));
	t_join(t_thread(try, NULL));
	SHOW_RC(pthread_rwlock_unlock(&lock));
	SHOW_RC(pthread_rwlock_wrlock(&lock));
	t_join(t_thread(try, NULL));
	SHOW_RC(pthread_rwlock_unlock(&lock));
	return 0;
}
