// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// abort ends the program even if its handler returns.
//
// STATUS: 134
// ERROR: yes
#include "t.h"

static void handler(int sig) { say("handler %d", sig); }

int main(void)
{
	t_catch(SIGABRT, handler, 0);
	abort();
}
