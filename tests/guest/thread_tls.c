// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// __thread variables are each thread's own, start as initialised, and keep over blocking.
//
// LINK: static-pie
#include "t.h"

static __thread int number = 41;
static __thread char text[64] = "initial";
static __thread long zero __attribute__((aligned(64)));

static void *body(void *arg)
{
	int me = (int)(uintptr_t)arg;
	NEED(number == 41 && zero == 0 && !strcmp(text, "initial") && (uintptr_t)&zero % 64 == 0);
	number = me;
	snprintf(text, sizeof text, "thread %d", me);
	t_sleep_ms(5);
	char want[64];
	snprintf(want, sizeof want, "thread %d", me);
	NEED(number == me && !strcmp(text, want));
	return NULL;
}

int main(void)
{
	pthread_t threads[10];
	number++;
	for (int i = 0; i < 10; i++)
		threads[i] = t_thread(body, (void *)(uintptr_t)(100 + i));
	for (int i = 0; i < 10; i++)
		t_join(threads[i]);
	SHOW(number);
	say("%s", text);
	return 0;
}
