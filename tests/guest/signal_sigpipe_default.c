// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Writing to a pipe without a reader ends the program.
//
// STATUS: 141
// ERROR: yes
#include "t.h"

int main(void)
{
	int p[2];
	NEED(pipe(p) == 0 && close(p[0]) == 0);
	say("writing");
	write(p[1], "x", 1);
	say("not reached");
	return 0;
}
