// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Pages that are there at once: MAP_POPULATE, MADV_POPULATE_READ and _WRITE.
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS, fd = (int)syscall(SYS_memfd_create, "x", 0);
	char *p = mmap(NULL, 32 * 4096, prot, flags | MAP_POPULATE, -1, 0);

	CHECK(p != MAP_FAILED && t_resident(p, 32) == 32);
	CHECK(madvise(p, 32 * 4096, MADV_DONTNEED) == 0 && t_resident(p, 32) == 0);
	CHECK(madvise(p + 4096, 8 * 4096, 23 /* MADV_POPULATE_WRITE */) == 0 && t_resident(p + 4096, 8) == 8);
	CHECK(fd >= 0 && ftruncate(fd, 8 * 4096) == 0 && pwrite(fd, "abc", 3, 4096) == 3);
	p = mmap(NULL, 8 * 4096, prot, MAP_SHARED, fd, 0);
	CHECK(p != MAP_FAILED && madvise(p, 8 * 4096, 22 /* MADV_POPULATE_READ */) == 0 && p[4096] == 'a');
	CHECK(madvise(p, 8 * 4096, 23) == 0 && t_resident(p, 8) == 8);
	CHECK(mprotect(p, 4096, PROT_READ) == 0);
	CHECK_ERR(madvise(p, 4096, 23), EINVAL);
	CHECK(ftruncate(fd, 4096) == 0);
	CHECK_ERR(madvise(p + 4096, 4096, 22), EFAULT);
	CHECK(munmap(p + 4096, 4096) == 0);
	CHECK_ERR(madvise(p, 3 * 4096, 22), ENOMEM);
	return 0;
}
