// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// SSE registers, and AVX where there is, are kept across a handler that uses them, and by
// preemption with a signal.
#include "t.h"

static volatile int hits;

static void handler(int sig)
{
	hits++;
	__asm__ volatile("pxor %%xmm0, %%xmm0\n pxor %%xmm7, %%xmm7\n pcmpeqb %%xmm15, %%xmm15" : : : "xmm0", "xmm7", "xmm15");
	if (__builtin_cpu_supports("avx"))
		__asm__ volatile("vzeroall" : : : "memory");
}

int main(void)
{
	uint64_t in[3] = { 0x123456789abcdef0, 42, -7 }, out[3];
	t_catch(SIGTRAP, handler, 0);
	__asm__ volatile("movq (%1), %%xmm0\n movq 8(%1), %%xmm7\n movq 16(%1), %%xmm15\n int3\n"
			 "movq %%xmm0, (%0)\n movq %%xmm7, 8(%0)\n movq %%xmm15, 16(%0)"
			 : : "r"(out), "r"(in) : "xmm0", "xmm7", "xmm15", "memory");
	CHECK(memcmp(in, out, sizeof in) == 0);
	if (__builtin_cpu_supports("avx")) {
		uint64_t wide[4] = { 1, 2, 3, 4 }, back[4] = { 0 };
		__asm__ volatile("vmovdqu (%1), %%ymm3\n int3\n vmovdqu %%ymm3, (%0)\n vzeroupper"
				 : : "r"(back), "r"(wide) : "xmm3", "memory");
		NEED(memcmp(wide, back, sizeof wide) == 0);
		hits--;
	}
	SHOW(hits);
	return 0;
}
