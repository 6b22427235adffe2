// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mremap's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 4 * 4096, prot, flags, -1, 0);
	CHECK(p != MAP_FAILED);
	CHECK_ERR(syscall(SYS_mremap, p + 1, 4096, 8192, MREMAP_MAYMOVE, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 4096, 0, MREMAP_MAYMOVE, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 4096, 8192, 0x100, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 4096, 4096, MREMAP_FIXED, p + 4096), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, p + 100), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, p + 4096), EINVAL);
	CHECK_ERR(syscall(SYS_mremap, p, 4096, 8192, 0, 0), ENOMEM);
	NEED(munmap(p + 4096, 4096) == 0);
	CHECK_ERR(syscall(SYS_mremap, p + 4096, 4096, 8192, MREMAP_MAYMOVE, 0), EFAULT);
	return 0;
}
