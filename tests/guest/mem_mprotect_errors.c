// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// mprotect's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	CHECK_ERR(syscall(SYS_mprotect, p + 1, 4096, PROT_READ), EINVAL);
	CHECK_ERR(mprotect(p, 4096, 0x40000000), EINVAL);
	NEED(munmap(p + 4096, 4096) == 0);
	CHECK_ERR(mprotect(p + 4096, 4096, PROT_READ), ENOMEM);
	CHECK_ERR(mprotect(p, 3 * 4096, PROT_READ | PROT_WRITE), ENOMEM);
	CHECK_ERR(mprotect((void *)0xffff800000000000ul, 4096, PROT_READ), ENOMEM);
	SHOW(mprotect(p, 0, PROT_READ));
	p[0] = 1;
	SHOW(p[0]);
	return 0;
}
