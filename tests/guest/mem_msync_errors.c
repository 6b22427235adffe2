// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// msync's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char *p = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	SHOW(msync(p, 8192, MS_SYNC));
	SHOW(msync(p, 8192, MS_ASYNC));
	CHECK_ERR(msync(p + 1, 4096, MS_SYNC), EINVAL);
	CHECK_ERR(msync(p, 4096, 0x100), EINVAL);
	CHECK_ERR(msync(p, 4096, MS_SYNC | MS_ASYNC), EINVAL);
	NEED(munmap(p + 4096, 4096) == 0);
	CHECK_ERR(msync(p, 8192, MS_SYNC), ENOMEM);
	return 0;
}
