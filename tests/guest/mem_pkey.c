// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Protection keys where there are none: key -1 is mprotect, and no other can be had.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(p != MAP_FAILED);
	CHECK_ERR(syscall(SYS_pkey_alloc, 1, 0), EINVAL);
	CHECK_ERR(syscall(SYS_pkey_alloc, 0, 4), EINVAL);
	CHECK_ERR(syscall(SYS_pkey_free, 7), EINVAL);
	CHECK_ERR(syscall(SYS_pkey_mprotect, p, 4096, PROT_READ, 7), EINVAL);
	CHECK_ERR(syscall(SYS_pkey_mprotect, p + 1, 4096, PROT_READ, -1), EINVAL);
	CHECK(syscall(SYS_pkey_mprotect, p, 4096, PROT_READ, -1) == 0);
	int fd = open("/dev/zero", O_RDONLY);
	CHECK_ERR(read(fd, p, 1), EFAULT);
	CHECK(read(fd, p + 4096, 1) == 1);
	return 0;
}
