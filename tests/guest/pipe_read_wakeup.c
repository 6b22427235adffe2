// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Two readers on one pipe: each write wakes one that gets it.
#include "t.h"

static int p[2], sum;

static void *reader(void *arg)
{
	unsigned char c;
	while (read(p[0], &c, 1) == 1)
		__atomic_add_fetch(&sum, c, __ATOMIC_SEQ_CST);
	return NULL;
}

int main(void)
{
	NEED(pipe(p) == 0);
	pthread_t a = t_thread(reader, NULL), b = t_thread(reader, NULL);
	for (int i = 1; i <= 100; i++) {
		unsigned char c = i;
		NEED(write(p[1], &c, 1) == 1);
	}
	close(p[1]);
	t_join(a);
	t_join(b);
	SHOW(sum);
	return 0;
}
