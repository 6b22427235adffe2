// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Sizes beyond any address space: ENOMEM, and the program goes on.
//
// ERROR: yes
#include "t.h"

int main(void)
{
	volatile size_t huge = (size_t)1 << 60, half = (size_t)1 << 33;
	errno = 0;
	CHECK(malloc(huge) == NULL && errno == ENOMEM);
	errno = 0;
	CHECK(calloc(half, half) == NULL && errno == ENOMEM);
	char *p = malloc(10);
	strcpy(p, "kept");
	CHECK(realloc(p, huge) == NULL && errno == ENOMEM);
	say("%s", p);
	CHECK_ERR(mmap(NULL, huge, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), ENOMEM);
	CHECK(malloc(1000) != NULL);
	return 0;
}
