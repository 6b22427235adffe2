// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Handlers run in reverse order, then streams are flushed.
//
// STATUS: 2
#include "t.h"

static void one(void) { printf("one\n"); }
static void two(void) { printf("two\n"); atexit(one); }
static void three(void) { printf("three\n"); }

static __attribute__((constructor)) void before(void) { printf("constructor\n"); }
static __attribute__((destructor)) void after(void) { printf("destructor\n"); }

int main(void)
{
	atexit(one);
	atexit(two);
	atexit(three);
	printf("main\n");
	exit(2);
}
