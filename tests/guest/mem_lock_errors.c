// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Locks that are refused, and what they leave behind.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 8 * 4096, prot, flags, -1, 0);

	CHECK(p != MAP_FAILED && munmap(p + 4 * 4096, 4096) == 0);
	CHECK_ERR(mlock(p, 8 * 4096), ENOMEM);
	CHECK_ERR(mlock(p + 4 * 4096, 4096), ENOMEM);
	CHECK_ERR(munlock(p + 4 * 4096, 4096), ENOMEM);
	CHECK_ERR(mlock(p, SIZE_MAX - 8191), EINVAL);
	CHECK_ERR(syscall(SYS_mlock2, p, 4096, 2), EINVAL);
	CHECK_ERR(syscall(SYS_mlock2, p, 4096, -1), EINVAL);
	CHECK_ERR(syscall(SYS_mlockall, 0), EINVAL);
	CHECK_ERR(syscall(SYS_mlockall, 4 /* MCL_ONFAULT alone */), EINVAL);
	CHECK_ERR(syscall(SYS_mlockall, 8), EINVAL);
	CHECK(munlock(p, 4 * 4096) == 0);
	CHECK(mprotect(p + 5 * 4096, 4096, PROT_NONE) == 0);
	CHECK_ERR(mlock(p + 5 * 4096, 4096), ENOMEM); // nothing can be there
	CHECK(munlock(p + 5 * 4096, 4096) == 0);
	CHECK_ERR(mlock((char *)0x800000000000, 4096), ENOMEM);
	return 0;
}
