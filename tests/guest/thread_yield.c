// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// sched_yield lets others run.
#include "t.h"

static volatile int done;

static void *body(void *arg)
{
	done = 1;
	return NULL;
}

int main(void)
{
	SHOW(sched_yield());
	pthread_t thread = t_thread(body, NULL);
	while (!done)
		NEED(sched_yield() == 0);
	t_join(thread);
	SHOW(done);
	return 0;
}
