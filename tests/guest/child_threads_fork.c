// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// fork in a program with threads: the child has one, and locks as they were.
#include "child.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static volatile int stop;
static int before, after_parent, after_child;

static void *spin(void *arg)
{
	unsigned *count = arg;
	while (!stop) {
		pthread_mutex_lock(&lock);
		++*count;
		pthread_mutex_unlock(&lock);
	}
	return NULL;
}

static void *hello(void *arg) { return arg; }
static void prepare(void) { before++; pthread_mutex_lock(&lock); }
static void parent(void) { after_parent++; pthread_mutex_unlock(&lock); }
static void child(void) { after_child++; pthread_mutex_unlock(&lock); }

int main(void)
{
	unsigned counts[4] = { 0 };
	pthread_t t[4], own;
	pthread_atfork(prepare, parent, child);
	for (int i = 0; i < 4; i++)
		t[i] = t_thread(spin, &counts[i]);
	for (int i = 0; i < 5; i++) {
		t_reap("child", FORK(({
			unsigned sum = counts[0] + counts[1] + counts[2] + counts[3];
			pthread_mutex_lock(&lock);
			t_sleep_ms(1);
			NEED(sum == counts[0] + counts[1] + counts[2] + counts[3]);
			pthread_mutex_unlock(&lock);
			NEED(before == i + 1 && after_parent == i && after_child == 1);
			own = t_thread(hello, NULL);
			t_join(own);
			i;
		})));
	}
	stop = 1;
	for (int i = 0; i < 4; i++)
		t_join(t[i]);
	say("%d %d %d", before, after_parent, after_child);
	return 0;
}
