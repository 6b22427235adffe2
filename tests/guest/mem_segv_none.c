// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Touching PROT_NONE and unmapped memory: SIGSEGV with address and code.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static void *volatile addr;
static volatile int code;

static void handler(int sig, siginfo_t *si, void *ctx)
{
	addr = si->si_addr;
	code = si->si_code;
	siglongjmp(jump, sig);
}

static int touch(volatile char *p)
{
	int sig = sigsetjmp(jump, 1);
	if (!sig)
		*p = 1;
	return sig;
}

int main(void)
{
	t_catch_info(SIGSEGV, handler, 0);
	char *p = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(touch(p + 123) == SIGSEGV);
	CHECK(addr == p + 123);
	CHECK(code == SEGV_ACCERR);
	NEED(munmap(p, 4096) == 0);
	CHECK(touch(p + 5) == SIGSEGV);
	CHECK(addr == p + 5);
	CHECK(code == SEGV_MAPERR);
	return 0;
}
