// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// munmap's refusals; what is not mapped is no error.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	CHECK_ERR(munmap(p + 1, 4096), EINVAL);
	CHECK_ERR(munmap(p, 0), EINVAL);
	CHECK_ERR(syscall(SYS_munmap, p, -4096l), EINVAL);
	CHECK_ERR(syscall(SYS_munmap, 0xffff800000000000ul, 4096), EINVAL);
	p[0] = 1;
	SHOW(munmap(p, 8192));
	SHOW(munmap(p, 8192));
	return 0;
}
