// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MADV_REMOVE makes a hole in the file; DONTNEED of shared memory loses nothing; the other advice changes nothing.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, fd = (int)syscall(SYS_memfd_create, "x", 0);
	char *p, *q, c;

	CHECK(fd >= 0 && ftruncate(fd, 4 * 4096) == 0);
	p = mmap(NULL, 4 * 4096, prot, MAP_SHARED, fd, 0);
	q = mmap(NULL, 4 * 4096, prot, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && q != MAP_FAILED);
	memset(p, 'x', 4 * 4096);
	CHECK(madvise(p, 4 * 4096, MADV_DONTNEED) == 0 && p[0] == 'x');
	CHECK(madvise(q + 4096, 8192, MADV_REMOVE) == 0);
	CHECK(p[0] == 'x' && p[4096] == 0 && p[2 * 4096] == 0 && p[3 * 4096] == 'x');
	CHECK(pread(fd, &c, 1, 4096) == 1 && c == 0);
	p[4096] = 'y';
	CHECK(q[4096] == 'y');
	p = mmap(NULL, 4 * 4096, prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	p[0] = 'z';
	CHECK(madvise(p, 4096, MADV_DONTNEED) == 0 && p[0] == 'z');
	for (int advice = 0; advice <= 3; advice++)
		CHECK(madvise(p, 4 * 4096, advice) == 0);
	CHECK(madvise(p, 4096, 20 /* MADV_COLD */) == 0 && madvise(p, 4096, 21 /* MADV_PAGEOUT */) == 0 && p[0] == 'z');
	return 0;
}
