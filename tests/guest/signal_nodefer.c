// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A handler's own signal waits until it is done; with SA_NODEFER it nests.
#include "t.h"

static int depth;

static void handler(int sig)
{
	say("enter %d", ++depth);
	if (depth < 3)
		raise(sig);
	say("leave %d", depth--);
}

static void once(int sig)
{
	static int runs;
	say("begin %d", ++runs);
	if (runs == 1)
		raise(sig);
	say("end");
}

int main(void)
{
	t_catch(SIGUSR1, handler, SA_NODEFER);
	raise(SIGUSR1);
	t_catch(SIGUSR2, once, 0);
	raise(SIGUSR2);
	return 0;
}
