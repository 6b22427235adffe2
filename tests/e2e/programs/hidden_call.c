// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Makes the system call whose number is its argument, out of memory, in a function that a constant
// reaches: the builder takes the constant for the number. Ends with the call's error.
#include <stdlib.h>

static volatile long number;

static __attribute__((noinline, noclone)) long make(long other)
{
	long r;

	__asm__ volatile("syscall" : "=a"(r) : "a"(number), "D"(other) : "rcx", "r11", "memory");
	return r;
}

int main(int argc, char **argv)
{
	number = argc > 1 ? atol(argv[1]) : 39;
	long r = make(39);

	return r < 0 && r > -4096 ? (int)-r : 0;
}
