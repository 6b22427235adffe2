// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SIGTERM without a handler: status 143.
//
// STATUS: 143
// ERROR: yes
#include "t.h"

int main(void)
{
	say("before");
	kill(getpid(), SIGTERM);
	for (;;)
		pause();
}
