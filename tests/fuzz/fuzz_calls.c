// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Fuzzes the search for system calls with whole ELF files. What it finds must be calls that exist, and the same each time.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <image/calls.h>

#define LONGEST (64 << 10) // what is longer only takes longer

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static struct program p;
	struct call_set one = { 0 }, again = { 0 };
	struct failure why = { "" };
	uint8_t *copy;

	if (len > LONGEST)
		return 0;
	copy = malloc(len ? len : 1);
	memcpy(copy, bytes, len);
	memset(&p, 0, sizeof(p));
	if (!program_check(&p, copy, len, &why)) {
		if (calls_find(&one, &p, &why) || calls_find(&again, &p, &why) || memcmp(&one, &again, sizeof(one)))
			abort();
		for (unsigned nr = 0; nr < CALLS_MAX; nr++)
			if (one.has[nr] && !call_name(nr))
				abort();
	}
	free(copy);
	return 0;
}
