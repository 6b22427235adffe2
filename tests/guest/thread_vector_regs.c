// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Vector registers and the rounding mode survive switches between threads.
#include "t.h"
#include <fenv.h>

static volatile int stop;

static void *body(void *arg)
{
	double x = (uintptr_t)arg;
	uint64_t in = 0x1111111111111111ull * (uintptr_t)arg, out;
	fesetround((uintptr_t)arg & 1 ? FE_UPWARD : FE_DOWNWARD);
	int mode = fegetround();
	while (!stop) {
		__asm__ volatile("movq %1, %%xmm9\n mov $20000, %%ecx\n 1: dec %%ecx\n jnz 1b\n movq %%xmm9, %0"
				 : "=r"(out) : "r"(in) : "xmm9", "ecx");
		NEED(in == out && fegetround() == mode && x == (uintptr_t)arg);
	}
	return NULL;
}

int main(void)
{
	pthread_t threads[6];
	for (uintptr_t i = 0; i < 6; i++)
		threads[i] = t_thread(body, (void *)(i + 1));
	t_sleep_ms(60);
	stop = 1;
	for (int i = 0; i < 6; i++)
		t_join(threads[i]);
	SHOW(stop);
	return 0;
}
