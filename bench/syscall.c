// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// syscall [CALLS]: what one getppid costs, in nanoseconds, from two kinds of call sites: `mov $110,%eax; syscall`, which is what
// compilers make and what Pith patches, and one where nothing in front of the `syscall` can become a jump. Prints the better of several
// turns, so that a tick in one of them does not count. An ordinary Linux program.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define TURNS 9

_Static_assert(SYS_getppid == 110, "asm/unistd_64.h");

static inline long usual(void)
{
	long r;

	__asm__ volatile("mov $110, %%eax\n\tsyscall" : "=a"(r) : : "rcx", "r11", "memory");
	return r;
}

// No instruction of five bytes stands in the 32 bytes before it.
static inline long odd(void)
{
	long r;

	__asm__ volatile("push $110\n\tpop %%rax\n\t.rept 32\n\tnop\n\t.endr\n\tsyscall" : "=a"(r) : : "rcx", "r11", "memory");
	return r;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double turn(long (*call)(void), long calls)
{
	double start = now();

	for (long i = 0; i < calls; i++)
		call();
	return (now() - start) / (double)calls;
}

static long call_usual(void) { return usual(); }
static long call_odd(void) { return odd(); }
static long call_none(void) { __asm__ volatile(""); return 0; }

static double best(long (*call)(void), long calls)
{
	double least = turn(call, calls);

	for (int i = 1; i < TURNS; i++) {
		double t = turn(call, calls);

		least = t < least ? t : least;
	}
	return least;
}

int main(int argc, char **argv)
{
	long calls = argc > 1 ? atol(argv[1]) : 200000;
	double loop;

	if (calls <= 0 || call_usual() != getppid() || call_odd() != getppid()) {
		fprintf(stderr, "syscall: the calls do not give what getppid gives\n");
		return 1;
	}
	loop = best(call_none, calls);
	printf("%.2f %.2f\n", best(call_usual, calls) - loop, best(call_odd, calls) - loop);
	return 0;
}
