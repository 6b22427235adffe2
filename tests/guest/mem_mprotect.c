// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Protection changes by page and back; contents stay.
#include "t.h"

static sigjmp_buf jump;
static void handler(int sig) { siglongjmp(jump, 1); }

static int can_write(volatile char *p)
{
	if (sigsetjmp(jump, 1))
		return 0;
	*p = *p;
	return 1;
}

static int can_read(volatile char *p)
{
	if (sigsetjmp(jump, 1))
		return 0;
	(void)*p;
	return 1;
}

int main(void)
{
	t_catch(SIGSEGV, handler, 0);
	char *p = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	memset(p, 9, 4 * 4096);
	SHOW(mprotect(p + 4096, 4096, PROT_READ));
	SHOW(mprotect(p + 2 * 4096, 4096, PROT_NONE));
	for (int i = 0; i < 4; i++)
		say("read %d write %d", can_read(p + i * 4096), can_write(p + i * 4096));
	SHOW(mprotect(p, 4 * 4096, PROT_READ | PROT_WRITE));
	for (int i = 0; i < 4; i++)
		say("%d %d", can_write(p + i * 4096), p[i * 4096]);
	return 0;
}
