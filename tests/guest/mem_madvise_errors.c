// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// madvise's refusals.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	p[0] = 1;
	CHECK_ERR(madvise(p + 1, 4096, MADV_DONTNEED), EINVAL);
	CHECK_ERR(madvise(p, 4096, 9999), EINVAL);
	CHECK_ERR(madvise(p, (size_t)-4096, MADV_DONTNEED), EINVAL);
	NEED(munmap(p + 4096, 4096) == 0);
	CHECK_ERR(madvise(p, 3 * 4096, MADV_DONTNEED), ENOMEM);
	SHOW(madvise(p, 0, MADV_DONTNEED));
	SHOW(p[0]);
	return 0;
}
