// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Arguments go in, results come out.
//
// LINK: static-pie
#include "t.h"

static void *twice(void *arg) { return (void *)((uintptr_t)arg * 2); }

int main(void)
{
	pthread_t threads[10];
	for (uintptr_t i = 0; i < 10; i++)
		threads[i] = t_thread(twice, (void *)i);
	for (int i = 0; i < 10; i++) {
		void *result;
		SHOW_RC(pthread_join(threads[i], &result));
		SHOW((uintptr_t)result);
	}
	CHECK(pthread_equal(pthread_self(), pthread_self()));
	return 0;
}
