// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Standard error is a stream of its own, unbuffered.
#include "t.h"

int main(void)
{
	fprintf(stderr, "to stderr\n");
	SHOW(write(2, "more\n", 5));
	say("to stdout");
	return 0;
}
