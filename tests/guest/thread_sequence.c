// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Four hundred threads one after the other: stacks and numbers are given back.
#include "t.h"

static void *body(void *arg)
{
	volatile char stack[20000];
	stack[0] = stack[19999] = 1;
	return (void *)((uintptr_t)arg + stack[0]);
}

int main(void)
{
	void *value = NULL;
	for (int i = 0; i < 400; i++) {
		pthread_t thread = t_thread(body, value);
		NEED(pthread_join(thread, &value) == 0);
	}
	SHOW((uintptr_t)value);
	return 0;
}
