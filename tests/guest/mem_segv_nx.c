// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Data is not code: a jump into it faults at its address.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static void *volatile addr;
static volatile int code;
static unsigned char data[64] __attribute__((aligned(64))) = { 0xc3 };

static void handler(int sig, siginfo_t *si, void *ctx)
{
	addr = si->si_addr;
	code = si->si_code;
	siglongjmp(jump, 1);
}

static void call(void *p)
{
	if (!sigsetjmp(jump, 1)) {
		((void (*)(void))p)();
		say("ran");
	}
}

int main(void)
{
	volatile unsigned char stack[16] = { 0xc3 };
	unsigned char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	t_catch_info(SIGSEGV, handler, 0);
	map[0] = 0xc3;
	call(data);
	CHECK(addr == data && code == SEGV_ACCERR);
	call(map);
	CHECK(addr == map && code == SEGV_ACCERR);
	void *volatile on_stack = (void *)stack;
	call(on_stack);
	CHECK(addr == on_stack && code == SEGV_ACCERR);
	return 0;
}
