// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// A hostile program on the platform process. It finds the library OS's gate to the host, which is at its own privilege, and makes a
// call of the host through it. The way there: a call site that was patched leads to a stub, the stub to the library OS's text.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define REACH (1 << 20)

extern const uint8_t site[];
static sigjmp_buf stop;

__attribute__((noinline)) static long my_getppid(void)
{
	long r;

	__asm__ volatile(".globl site\nsite:\nmov $110, %%eax\nsyscall" : "=a"(r) : : "rcx", "r11", "memory");
	return r;
}

static void on_fault(int signo)
{
	siglongjmp(stop, 1);
}

static const uint8_t *jump_target(const uint8_t *at)
{
	int32_t d;

	memcpy(&d, at + 1, 4);
	return at + 5 + d;
}

// The stub ends with jmp *slot(%rip).
static const uint8_t *library_os(void)
{
	const uint8_t *stub = jump_target(site);

	for (int i = 0; i < 40; i++) {
		int32_t d;

		if (stub[i] != 0xff || stub[i + 1] != 0x25)
			continue;
		memcpy(&d, stub + i + 2, 4);
		return *(const uint8_t *const *)(stub + i + 6 + d);
	}
	return NULL;
}

static const uint8_t *find(const uint8_t *from, int step)
{
	static const char magic[] = "pith-host-" "gate1";

	if (sigsetjmp(stop, 1))
		return NULL;
	for (const uint8_t *p = from; p - from < REACH && from - p < REACH; p += step) {
		if (!memcmp(p, magic, sizeof(magic)))
			return p;
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const uint8_t *text, *gate;

	signal(SIGSEGV, on_fault);
	for (int i = 0; i < 100; i++)
		my_getppid();
	if (site[0] != 0xe9)
		return printf("the site was not patched\n") != 0;
	text = (const uint8_t *)((uintptr_t)library_os() & ~15ul);
	gate = find(text, 16);
	if (!gate)
		gate = find(text, -16);
	if (!gate)
		return printf("no gate\n") != 0;
	printf("found the gate\n");
	fflush(stdout);
	usleep(1000);
	// Behind the header of 48 bytes: host_call(nr, a, b, c, d, e, f).
	long r = ((long (*)(long, long, long, long, long, long, long))(gate + 48))(atol(argv[1]), argc > 2 ? atol(argv[2]) : 0,
										   0, 0, 0, 0, 0);
	printf("the host answered %ld\n", r);
	return 0;
}
