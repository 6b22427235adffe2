// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Every thread has its own number, the same while it lives; the process's number is shared.
#include "t.h"

static pthread_barrier_t barrier;
static pid_t tids[8];

static void *body(void *arg)
{
	int me = (int)(uintptr_t)arg;
	tids[me] = syscall(SYS_gettid);
	NEED(getpid() == (pid_t)syscall(SYS_getpid));
	pthread_barrier_wait(&barrier);
	NEED(tids[me] == (pid_t)syscall(SYS_gettid));
	pthread_barrier_wait(&barrier);
	return NULL;
}

int main(void)
{
	pthread_t threads[8];
	pthread_barrier_init(&barrier, NULL, 9);
	for (uintptr_t i = 0; i < 8; i++)
		threads[i] = t_thread(body, (void *)i);
	pthread_barrier_wait(&barrier);
	int same = 0;
	for (int i = 0; i < 8; i++)
		for (int k = 0; k < i; k++)
			same += tids[i] == tids[k];
	SHOW(same);
	CHECK(tids[0] != getpid() && tids[0] > 0);
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < 8; i++)
		t_join(threads[i]);
	return 0;
}
