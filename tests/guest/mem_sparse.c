// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Few pages far apart: each needs a page table of its own, and there are more of them than a small machine has.
#include "t.h"

#define APART (4ul << 20)
#define PAGES 2000

int main(void)
{
	char *all = mmap(NULL, APART * PAGES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	unsigned long sum = 0;

	NEED(all != MAP_FAILED);
	for (int i = 0; i < PAGES; i++)
		*(int *)(all + i * APART) = i;
	for (int i = 0; i < PAGES; i += 7)
		sum += *(int *)(all + i * APART);
	SHOW(sum);
	for (int i = 0; i < PAGES; i += 3)
		NEED(munmap(all + i * APART, 4096) == 0);
	for (int i = 0; i < PAGES; i++)
		if (i % 3)
			NEED(*(int *)(all + i * APART) == i);
	SHOW(munmap(all, APART * PAGES));
	return 0;
}
