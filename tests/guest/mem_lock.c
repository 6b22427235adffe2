// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mlock, mlock2, mlockall: what is locked is there, what is mapped later too; unlocking ends it.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 32 * 4096, prot, flags, -1, 0), *q;

	CHECK(p != MAP_FAILED && t_resident(p, 32) == 0);
	CHECK(mlock(p + 100, 8 * 4096) == 0); // nine pages
	CHECK(t_resident(p, 9) == 9);
	CHECK(mlock(p + 16 * 4096, 0) == 0);
	CHECK(syscall(SYS_mlock2, p + 16 * 4096, 4 * 4096, 1 /* MLOCK_ONFAULT */) == 0);
	CHECK(t_resident(p + 16 * 4096, 4) == 0);
	p[16 * 4096] = 1;
	CHECK_ERR(madvise(p, 4096, MADV_DONTNEED), EINVAL);
	CHECK_ERR(madvise(p + 17 * 4096, 4096, MADV_DONTNEED), EINVAL);
	p[0] = 7;
	CHECK(munlock(p, 32 * 4096) == 0);
	CHECK(madvise(p, 4096, MADV_DONTNEED) == 0 && p[0] == 0);
	CHECK(mlockall(MCL_FUTURE) == 0);
	q = mmap(NULL, 8 * 4096, prot, flags, -1, 0);
	CHECK(q != MAP_FAILED && t_resident(q, 8) == 8);
	CHECK(munlockall() == 0);
	q = mmap(NULL, 8 * 4096, prot, flags, -1, 0);
	CHECK(q != MAP_FAILED && t_resident(q, 8) == 0);
	CHECK(mlockall(MCL_CURRENT) == 0);
	CHECK(t_resident(q, 8) == 8);
	CHECK(munlockall() == 0 && munlockall() == 0);
	q = mmap(NULL, 4 * 4096, prot, flags | MAP_LOCKED, -1, 0);
	CHECK(q != MAP_FAILED && t_resident(q, 4) == 4);
	return 0;
}
