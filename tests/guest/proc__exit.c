// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// _exit runs no handlers and flushes nothing.
//
// STATUS: 4
#include "t.h"

static void handler(void) { say("not reached"); }

int main(void)
{
	atexit(handler);
	printf("not flushed");
	_exit(4);
}
