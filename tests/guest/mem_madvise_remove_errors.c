// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Advice that is refused for the memory that it is given for.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, fd = (int)syscall(SYS_memfd_create, "x", 0);
	char *a = mmap(NULL, 4 * 4096, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *s, *v, *sa;

	CHECK(fd >= 0 && ftruncate(fd, 4 * 4096) == 0 && a != MAP_FAILED);
	s = mmap(NULL, 4 * 4096, prot, MAP_SHARED, fd, 0);
	v = mmap(NULL, 4 * 4096, prot, MAP_PRIVATE, fd, 0);
	sa = mmap(NULL, 4 * 4096, prot, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(s != MAP_FAILED && v != MAP_FAILED && sa != MAP_FAILED);
	s[0] = 1;
	CHECK_ERR(madvise(a, 4096, MADV_REMOVE), EINVAL);
	CHECK_ERR(madvise(v, 4096, MADV_REMOVE), EACCES);
	CHECK_ERR(madvise(s, 4096, MADV_FREE), EINVAL);
	CHECK_ERR(madvise(v, 4096, MADV_FREE), EINVAL);
	CHECK_ERR(madvise(sa, 4096, MADV_FREE), EINVAL);
	CHECK(mlock(a, 4096) == 0);
	CHECK_ERR(madvise(a, 4096, MADV_FREE), EINVAL);
	CHECK_ERR(madvise(a, 4096, 21 /* MADV_PAGEOUT */), EINVAL);
	CHECK(madvise(a, 4096, 24 /* MADV_DONTNEED_LOCKED */) == 0);
	CHECK(mlock(s, 4096) == 0);
	CHECK_ERR(madvise(s, 4096, MADV_REMOVE), EINVAL);
	CHECK(s[0] == 1);
	NEED(munmap(a + 4096, 4096) == 0);
	CHECK_ERR(madvise(a, 3 * 4096, 20 /* MADV_COLD */), EINVAL);
	CHECK(munlock(a, 4096) == 0);
	CHECK_ERR(madvise(a, 3 * 4096, 20), ENOMEM);
	return 0;
}
