// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MAP_FIXED_NOREPLACE refuses an address that is taken, in any page.
//
// ERROR: yes
#include "t.h"

#define NOREPLACE 0x100000

int main(void)
{
	int prot = PROT_READ | PROT_WRITE, flags = MAP_PRIVATE | MAP_ANONYMOUS;
	char *p = mmap(NULL, 4 * 4096, prot, flags, -1, 0);
	CHECK(p != MAP_FAILED);
	p[4096] = 7;
	CHECK_ERR(mmap(p, 4096, prot, flags | NOREPLACE, -1, 0), EEXIST);
	SHOW(munmap(p, 4096));
	CHECK_ERR(mmap(p, 2 * 4096, prot, flags | NOREPLACE, -1, 0), EEXIST);
	CHECK(mmap(p, 4096, prot, flags | NOREPLACE, -1, 0) == p);
	CHECK_ERR(mmap(p + 1, 4096, prot, flags | NOREPLACE, -1, 0), EINVAL);
	SHOW(p[4096]);
	return 0;
}
