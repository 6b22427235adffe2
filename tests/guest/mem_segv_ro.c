// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Writes to read-only memory: data that was protected, a constant, code.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf jump;
static volatile int code;
static const char constant[64] = "constant";

static void handler(int sig, siginfo_t *si, void *ctx)
{
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
	char *p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(touch(p) == SIGSEGV && code == SEGV_ACCERR);
	SHOW(p[0]);
	CHECK(touch(p) == SIGSEGV && code == SEGV_ACCERR);
	CHECK(touch((char *)constant) == SIGSEGV && code == SEGV_ACCERR);
	CHECK(touch((char *)main) == SIGSEGV && code == SEGV_ACCERR);
	say("%s", constant);
	return 0;
}
