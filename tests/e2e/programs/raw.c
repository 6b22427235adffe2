// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// System calls that no libc would make: unknown numbers, and code on the stack.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static sigjmp_buf back;

static void on_fault(int signo)
{
	siglongjmp(back, 1);
}

static long raw(long nr)
{
	long r;

	__asm__ volatile("syscall" : "=a"(r) : "a"(nr), "D"(0), "S"(0), "d"(0) : "rcx", "r11", "memory");
	return r;
}

int main(void)
{
	unsigned char code[] = { 0xb8, SYS_getpid, 0, 0, 0, 0x0f, 0x05, 0xc3 };
	volatile long unknown = 9999, keys = SYS_keyctl;

	signal(SIGSEGV, on_fault);
	if (!sigsetjmp(back, 1))
		printf("getpid from the stack's page: %ld\n", ((long (*)(void))code)());
	else
		printf("getpid from the stack's page: denied\n");
	printf("syscall 9999: %ld\n", raw(unknown));
	printf("keyctl: %ld\n", raw(keys));
	return 0;
}
