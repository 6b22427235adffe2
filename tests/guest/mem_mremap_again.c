// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mremap that leaves the old place mapped (MREMAP_DONTUNMAP), and shared memory mapped a second time (old length 0).
#include "t.h"
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

static char *remap(void *old, size_t old_len, size_t len, int flags, void *to)
{
	return (char *)syscall(SYS_mremap, old, old_len, len, flags, to);
}

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 4 * 4096, prot, flags, -1, 0), *q, *s;
	int fd = (int)syscall(SYS_memfd_create, "x", 0);

	CHECK(p != MAP_FAILED && fd >= 0 && ftruncate(fd, 8 * 4096) == 0);
	memset(p, 'a', 4 * 4096);
	q = remap(p, 4 * 4096, 4 * 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
	CHECK(q != MAP_FAILED && q != p);
	CHECK(q[0] == 'a' && q[4 * 4096 - 1] == 'a' && p[0] == 0 && p[4 * 4096 - 1] == 0);
	p[4096] = 'b';
	CHECK(q[4096] == 'a');
	CHECK(remap(p, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP, q + 4096) == q + 4096);
	CHECK(q[4096] == 0 && p[0] == 0 && q[0] == 'a');
	s = mmap(NULL, 8 * 4096, prot, MAP_SHARED, fd, 0);
	CHECK(s != MAP_FAILED);
	s[3 * 4096] = 'c';
	q = remap(s + 3 * 4096, 0, 2 * 4096, MREMAP_MAYMOVE, NULL);
	CHECK(q != MAP_FAILED && q[0] == 'c');
	q[4096] = 'd';
	CHECK(s[4 * 4096] == 'd' && s[3 * 4096] == 'c');
	CHECK(munmap(s, 8 * 4096) == 0 && q[0] == 'c');
	return 0;
}
