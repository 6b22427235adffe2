// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// The auxiliary vector: page size, program headers, random bytes, entry.
//
// LINK: static-pie
#include "t.h"
#include <elf.h>
#include <sys/auxv.h>

int main(void)
{
	SHOW(getauxval(AT_PAGESZ));
	SHOW(getauxval(AT_PHENT));
	CHECK(getauxval(AT_PHNUM) > 0);
	CHECK(getauxval(AT_PHDR) != 0);
	CHECK(getauxval(AT_ENTRY) != 0);
	unsigned char *random = (unsigned char *)getauxval(AT_RANDOM);
	CHECK(random != NULL);
	int zeroes = 0;
	for (int i = 0; i < 16; i++)
		zeroes += random[i] == 0;
	CHECK(zeroes < 16);
	CHECK(getauxval(AT_UID) == getuid());
	SHOW(getauxval(AT_SECURE));
	SHOW(getauxval(AT_CLKTCK));
	CHECK(getauxval(AT_EXECFN) != 0);
	CHECK(getauxval(4711) == 0);
	return 0;
}
