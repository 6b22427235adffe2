// SPDX-License-Identifier: BSD-2-Clause
// Copyright (c) 2026 The Pith developers
//
// Names of system calls, from the machine's own asm/unistd_64.h (mk/host.mk makes call_names.inc of
// it).
#include <string.h>

#include <image/calls.h>

static const char *const names[CALLS_MAX] = {
#include "call_names.inc"
};

const char *call_name(unsigned nr)
{
	return nr < CALLS_MAX ? names[nr] : NULL;
}

int call_number(const char *name)
{
	for (int nr = 0; nr < CALLS_MAX; nr++)
		if (names[nr] && !strcmp(names[nr], name))
			return nr;
	return -1;
}
