// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Handlers nest on one stack, and each returns to where it was.
#include "t.h"

static int order;

static void inner(int sig) { say("inner %d", ++order); }

static void outer(int sig)
{
	say("outer begins %d", ++order);
	raise(SIGUSR2);
	say("outer ends %d", ++order);
}

int main(void)
{
	t_catch(SIGUSR1, outer, 0);
	t_catch(SIGUSR2, inner, 0);
	for (int i = 0; i < 2; i++)
		raise(SIGUSR1);
	return 0;
}
