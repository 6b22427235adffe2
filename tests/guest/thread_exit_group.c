// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// exit in one thread ends all, blocked and spinning ones too.
//
// STATUS: 9
#include "t.h"

static int fds[2];

static void *block(void *arg)
{
	char c;
	read(fds[0], &c, 1);
	say("not reached");
	return NULL;
}

static void *spin(void *arg)
{
	for (volatile int i = 0;; i++)
		;
	return NULL;
}

static void *leave(void *arg)
{
	t_sleep_ms(10);
	say("leaving");
	exit(9);
}

int main(void)
{
	NEED(pipe(fds) == 0);
	t_thread(block, NULL);
	t_thread(spin, NULL);
	t_thread(leave, NULL);
	pause();
	say("not reached");
	return 1;
}
