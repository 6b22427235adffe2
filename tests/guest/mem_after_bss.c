// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Behind the last variable the rest of its page is zeros, whatever the file has there: ld.so takes
// its first memory from it.
#include "t.h"

static char last[3];
extern char _end[];

int main(void)
{
	uintptr_t end = ((uintptr_t)_end + 4095) & ~4095ul;
	unsigned dirty = 0;

	last[1] = 'x';
	for (volatile char *p = _end; (uintptr_t)p < end; p++)
		dirty += *p != 0;
	CHECK(last[1] == 'x');
	CHECK(dirty == 0);
	return 0;
}
