// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// exit_group of a child with threads, and the end of its last thread.
//
// LIBC: glibc
#include "child.h"

static void *forever(void *arg)
{
	for (;;)
		pause();
	return arg;
}

static void *late(void *arg)
{
	t_sleep_ms(5);
	return arg;
}

static void *ender(void *arg) { _exit((int)(intptr_t)arg); }

int main(void)
{
	t_reap("exit", FORK((t_thread(forever, NULL), t_thread(forever, NULL), exit(7), 0)));
	t_reap("by a thread", FORK((t_thread(ender, (void *)8), pause(), 0)));
	t_reap("main first", FORK((t_thread(late, NULL), pthread_exit(NULL), 0)));
	t_reap("killed", FORK((t_thread(forever, NULL), raise(SIGKILL), 0)));
	return 0;
}
