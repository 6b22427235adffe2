// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Ignored, SIGPIPE leaves EPIPE; caught, both.
//
// ERROR: yes
#include "t.h"

static volatile int hits;
static void handler(int sig) { hits++; }

int main(void)
{
	int p[2];
	NEED(pipe(p) == 0 && close(p[0]) == 0);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(write(p[1], "x", 1), EPIPE);
	t_catch(SIGPIPE, handler, 0);
	CHECK_ERR(write(p[1], "x", 1), EPIPE);
	SHOW(hits);
	SHOW(write(p[1], "", 0));
	return 0;
}
