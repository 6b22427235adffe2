// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A writer that sleeps on a full pipe gets EPIPE when the reader goes away, or what it had written.
//
// ERROR: yes
#include "t.h"

static int p[2];

static void *closer(void *arg)
{
	t_sleep_ms(10);
	close(p[0]);
	return NULL;
}

int main(void)
{
	static char data[65536];
	signal(SIGPIPE, SIG_IGN);
	NEED(pipe(p) == 0);
	SHOW(write(p[1], data, sizeof data));
	pthread_t thread = t_thread(closer, NULL);
	CHECK_ERR(write(p[1], data, 100), EPIPE);
	t_join(thread);
	CHECK_ERR(write(p[1], data, 100), EPIPE);
	return 0;
}
