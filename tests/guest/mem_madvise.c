// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// MADV_DONTNEED gives zeroes for anonymous memory and the file again for private file mappings.
#include "t.h"

int main(void)
{
	char *p = mmap(NULL, 4 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	memset(p, 1, 4 * 4096);
	SHOW(madvise(p + 4096, 2 * 4096, MADV_DONTNEED));
	say("%d %d %d %d", p[4095], p[4096], p[3 * 4096 - 1], p[3 * 4096]);
	p[4096] = 3;
	SHOW(p[4096]);
	t_dir();
	t_file("a", "from the file");
	char *f = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE, open("a", O_RDONLY), 0);
	CHECK(f != MAP_FAILED);
	memcpy(f, "xxxx", 4);
	say("%s", f);
	SHOW(madvise(f, 4096, MADV_DONTNEED));
	say("%s", f);
	SHOW(madvise(p, 4096, MADV_NORMAL));
	SHOW(madvise(p, 4096, MADV_WILLNEED));
	SHOW(madvise(p, 4096, MADV_RANDOM));
	return 0;
}
