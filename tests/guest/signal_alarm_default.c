// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// An alarm without a handler ends the program.
//
// STATUS: 142
// ERROR: yes
#include "t.h"

int main(void)
{
	struct itimerval it = { .it_value = { 0, 10000 } };
	say("waiting");
	setitimer(ITIMER_REAL, &it, NULL);
	for (;;)
		pause();
}
