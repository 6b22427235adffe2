// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A call that blocks stops only its own thread.
#include "t.h"

static int fds[2];

static void *body(void *arg)
{
	char c = 0;
	NEED(read(fds[0], &c, 1) == 1);
	say("read %c", c);
	return NULL;
}

int main(void)
{
	NEED(pipe(fds) == 0);
	pthread_t thread = t_thread(body, NULL);
	t_sleep_ms(10);
	say("main runs");
	NEED(write(fds[1], "x", 1) == 1);
	t_join(thread);
	return 0;
}
