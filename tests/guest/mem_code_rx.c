// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Code written into a mapping runs once the mapping is executable and no longer writable.
#include "t.h"

int main(void)
{
	static const unsigned char code[] = { 0xb8, 42, 0, 0, 0, 0xc3 }; // mov $42,%eax; ret
	unsigned char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	memcpy(p, code, sizeof code);
	SHOW(mprotect(p, 4096, PROT_READ | PROT_EXEC));
	SHOW(((int (*)(void))p)());
	SHOW(mprotect(p, 4096, PROT_READ | PROT_WRITE));
	p[1] = 43;
	SHOW(mprotect(p, 4096, PROT_READ | PROT_EXEC));
	SHOW(((int (*)(void))p)());
	return 0;
}
