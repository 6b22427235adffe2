// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Mutexes, conditions, barriers and semaphores in memory that processes share.
#include "child.h"
#include <semaphore.h>

struct shared {
	pthread_mutex_t lock;
	pthread_cond_t cond;
	pthread_barrier_t barrier;
	sem_t sem;
	int turn, count;
};

int main(void)
{
	struct shared *s = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pthread_mutexattr_t ma;
	pthread_condattr_t ca;
	pthread_barrierattr_t ba;
	NEED(s != MAP_FAILED);
	pthread_mutexattr_init(&ma), pthread_mutexattr_setpshared(&ma, PTHREAD_PROCESS_SHARED);
	pthread_condattr_init(&ca), pthread_condattr_setpshared(&ca, PTHREAD_PROCESS_SHARED);
	pthread_barrierattr_init(&ba), pthread_barrierattr_setpshared(&ba, PTHREAD_PROCESS_SHARED);
	pthread_mutex_init(&s->lock, &ma), pthread_cond_init(&s->cond, &ca);
	pthread_barrier_init(&s->barrier, &ba, 2), sem_init(&s->sem, 1, 0);
	pid_t pid = FORK(({
		for (int i = 0; i < 50; i++) {
			pthread_mutex_lock(&s->lock);
			while (s->turn != 1)
				pthread_cond_wait(&s->cond, &s->lock);
			s->count++, s->turn = 0;
			pthread_cond_signal(&s->cond);
			pthread_mutex_unlock(&s->lock);
		}
		pthread_barrier_wait(&s->barrier);
		sem_post(&s->sem);
		s->count;
	}));
	for (int i = 0; i < 50; i++) {
		pthread_mutex_lock(&s->lock);
		while (s->turn != 0)
			pthread_cond_wait(&s->cond, &s->lock);
		s->count++, s->turn = 1;
		pthread_cond_signal(&s->cond);
		pthread_mutex_unlock(&s->lock);
	}
	pthread_barrier_wait(&s->barrier);
	NEED(sem_wait(&s->sem) == 0);
	t_reap("child", pid);
	say("count %d", s->count);
	return 0;
}
