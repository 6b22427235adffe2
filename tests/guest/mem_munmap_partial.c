// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Unmapping the middle leaves both ends as they were.
#include "t.h"

static sigjmp_buf jump;
static void handler(int sig) { siglongjmp(jump, 1); }

static int mapped(volatile char *p)
{
	if (sigsetjmp(jump, 1))
		return 0;
	(void)*p;
	return 1;
}

int main(void)
{
	t_catch(SIGSEGV, handler, 0);
	char *p = mmap(NULL, 6 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	memset(p, 5, 6 * 4096);
	SHOW(munmap(p + 2 * 4096, 2 * 4096));
	for (int i = 0; i < 6; i++)
		say("%d", mapped(p + i * 4096));
	SHOW(p[4096] + p[4 * 4096]);
	SHOW(munmap(p, 4096));
	SHOW(munmap(p, 6 * 4096));
	SHOW(mapped(p + 5 * 4096));
	return 0;
}
