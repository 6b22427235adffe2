// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Threads that sync files of their own at the same time, while another one counts: each gets its own result, and nobody is forgotten.
#include "t.h"

enum { THREADS = 6, ROUNDS = 10 };

static _Atomic int done;
static _Atomic long counted;

static void *syncing(void *arg)
{
	long n = (long)arg;
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "f%ld", n);
	fd = open(name, O_RDWR | O_CREAT, 0600);
	NEED(fd >= 0);
	for (int i = 0; i < ROUNDS; i++) {
		NEED(pwrite(fd, &i, sizeof(i), i * 4096) == sizeof(i));
		NEED((i & 1 ? fsync(fd) : fdatasync(fd)) == 0);
	}
	NEED(close(fd) == 0);
	done++;
	return NULL;
}

static void *counting(void *arg)
{
	while (done < THREADS) {
		counted++;
		sched_yield();
	}
	return NULL;
}

int main(void)
{
	pthread_t thread[THREADS], counter;
	int fd;

	t_dir();
	NEED(!pthread_create(&counter, NULL, counting, NULL));
	for (long i = 0; i < THREADS; i++)
		NEED(!pthread_create(&thread[i], NULL, syncing, (void *)i));
	for (int i = 0; i < THREADS; i++)
		NEED(!pthread_join(thread[i], NULL));
	NEED(!pthread_join(counter, NULL));
	CHECK(done == THREADS);
	CHECK(counted > 0);
	fd = open(".", O_RDONLY | O_DIRECTORY);
	CHECK(fsync(fd) == 0);
	CHECK(syncfs(fd) == 0);
	return 0;
}
