// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Two threads that hand a flag back and forth by spinning both make progress.
#include "t.h"

static volatile int flag;

static void *body(void *arg)
{
	for (int i = 0; i < 4; i++) {
		while (flag != 1)
			;
		flag = 0;
	}
	return NULL;
}

int main(void)
{
	pthread_t thread = t_thread(body, NULL);
	for (int i = 0; i < 4; i++) {
		while (flag != 0)
			;
		say("handed over %d", i);
		flag = 1;
	}
	t_join(thread);
	SHOW(flag);
	return 0;
}
