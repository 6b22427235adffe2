// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Where a stack does not grow: too near to another mapping, beyond its limit, or where there is none.
//
// ERROR: yes
#include "t.h"

static sigjmp_buf out;
static void caught(int sig) { siglongjmp(out, sig); }

static int touch(char *at)
{
	int sig = sigsetjmp(out, 1);

	if (!sig)
		*(volatile char *)at = 1;
	return sig;
}

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *room = mmap(NULL, 8192 * 4096, PROT_READ, flags, -1, 0), *p;
	struct rlimit lim;

	CHECK(room != MAP_FAILED && munmap(room + 4096, 8190 * 4096) == 0);
	p = mmap(room + 400 * 4096, 4096, prot, flags | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
	CHECK(p == room + 400 * 4096);
	t_catch(SIGSEGV, caught, 0);
	CHECK(touch(p - 4096) == 0);
	CHECK(touch(room + 200 * 4096) == SIGSEGV); // less than 256 pages above the mapping below
	CHECK(touch(room + 4096) == SIGSEGV);
	CHECK(mprotect(room, 4096, PROT_NONE) == 0); // what nobody can touch is a guard itself
	CHECK(touch(room + 200 * 4096) == 0);
	CHECK(touch(p + 4096) == SIGSEGV); // above it
	CHECK(getrlimit(RLIMIT_STACK, &lim) == 0);
	p = mmap(room + 8000 * 4096, 4096, prot, flags | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
	CHECK(p == room + 8000 * 4096);
	lim.rlim_cur = 64 << 10;
	CHECK(setrlimit(RLIMIT_STACK, &lim) == 0);
	CHECK(touch(p - 10 * 4096) == 0);
	CHECK(touch(p - 17 * 4096) == SIGSEGV);
	CHECK_ERR(mprotect(room, 4096, PROT_READ | PROT_GROWSDOWN), EINVAL);
	CHECK_ERR(mprotect(p, 4096, PROT_READ | PROT_GROWSUP), EINVAL);
	CHECK_ERR(mprotect(p, 4096, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP), EINVAL);
	return 0;
}
