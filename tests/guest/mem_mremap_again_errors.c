// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MREMAP_DONTUNMAP and an old length of 0 where they may not be.
//
// ERROR: yes
#include "t.h"
#ifndef MREMAP_DONTUNMAP
#define MREMAP_DONTUNMAP 4
#endif

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 4 * 4096, prot, flags, -1, 0);

	CHECK(p != MAP_FAILED);
	p[0] = 1;
	CHECK_ERR(syscall(SYS_mremap, p, 4096, 4096, MREMAP_DONTUNMAP, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 4096, 8192, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 8192, 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 0, 4096, MREMAP_MAYMOVE, 0), EINVAL); // private
	NEED(munmap(p + 2 * 4096, 8192) == 0);
	CHECK_ERR(syscall(SYS_mremap, p + 2 * 4096, 0, 4096, MREMAP_MAYMOVE, 0), EFAULT);
	CHECK_ERR(syscall(SYS_mremap, p + 2 * 4096, 4096, 4096, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, 0), EFAULT);
	CHECK(p[0] == 1);
	return 0;
}
