// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// errno is each thread's own.
//
// ERROR: yes
#include "t.h"

static pthread_barrier_t barrier;

static void *body(void *arg)
{
	char c;
	read(-1, &c, 1);
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	CHECK(errno == EBADF);
	return NULL;
}

int main(void)
{
	pthread_barrier_init(&barrier, NULL, 2);
	pthread_t thread = t_thread(body, NULL);
	pthread_barrier_wait(&barrier);
	open("/none/none", O_RDONLY);
	CHECK(errno == ENOENT);
	pthread_barrier_wait(&barrier);
	t_join(thread);
	CHECK(errno == ENOENT);
	return 0;
}
